/*
 * Decides who answers a customer: inbox_rules for C.
 *
 * Texts are UTF-8 and end in a zero byte; what they hold is JSON, in the shapes of docs/schema/. A function that can fail
 * returns a status. If it is not INBOX_RULES_STATUS_OK, the result is null, and `*error` is set if `error` is not null: free
 * it with inbox_rules_error_free. All functions may be called on any thread.
 */

#ifndef INBOX_RULES_H
#define INBOX_RULES_H

/* Made from bindings/c/src by cbindgen. Do not edit it. */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/**
 * How a call has ended.
 */
typedef enum {
  /**
   * The call succeeded.
   */
  INBOX_RULES_STATUS_OK = 0,
  /**
   * A required argument is null.
   */
  INBOX_RULES_STATUS_NULL = 1,
  /**
   * An argument is not UTF-8.
   */
  INBOX_RULES_STATUS_NOT_UTF8 = 2,
  /**
   * The rules could not be loaded.
   */
  INBOX_RULES_STATUS_LOAD = 3,
  /**
   * A situation cannot be decided.
   */
  INBOX_RULES_STATUS_SITUATION = 4,
  /**
   * An internal error, such as a panic. Please report it.
   */
  INBOX_RULES_STATUS_INTERNAL = 5,
} inbox_rules_status;

/**
 * Why a call has failed.
 */
typedef struct inbox_rules_error inbox_rules_error;

/**
 * The current rules of a folder that is followed. Any number of threads may use it at the same time, until it is closed.
 */
typedef struct inbox_rules_reloader inbox_rules_reloader;

/**
 * The rules of a folder. They never change, and any number of threads may use them at the same time.
 */
typedef struct inbox_rules_ruleset inbox_rules_ruleset;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Checks a folder of rules, or one file in it. `*report` is then what `rules check --format json`
 * prints, even if nothing is found; free it with `inbox_rules_string_free`.
 *
 * Must hold: `path` is a string that ends in a zero byte; `report` can be written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_check(const char *path, char **report, inbox_rules_error **error);

/**
 * Reads the rules of a folder. Free `*ruleset` with `inbox_rules_ruleset_free`. If there are faults in the rules, the
 * status is `INBOX_RULES_STATUS_LOAD`, and the details of the error have the findings.
 *
 * Must hold: `folder` is a string that ends in a zero byte; `ruleset` can be written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_ruleset_load(const char *folder,
                                            inbox_rules_ruleset **ruleset,
                                            inbox_rules_error **error);

/**
 * Decides a situation as `rules route --seed SEED` does. `*decision` is JSON; free it with `inbox_rules_string_free`. With
 * `explain` it has the reasons, as `why`. Random choices depend on the seed and the message id, and on nothing else; pass 0
 * if you have no seed. A situation without `at` is decided at the current time. Any number of threads may decide with one
 * rule set at the same time.
 *
 * Must hold: `ruleset` comes from this library and is not freed; `situation` is a string that ends in a zero byte; `decision` can be
 * written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_ruleset_decide(const inbox_rules_ruleset *ruleset,
                                              const char *situation,
                                              uint64_t seed,
                                              bool explain,
                                              char **decision,
                                              inbox_rules_error **error);

/**
 * Frees a rule set. Null is allowed.
 *
 * Must hold: `ruleset` is null, or comes from this library and is freed once, when no call uses it.
 */
void inbox_rules_ruleset_free(inbox_rules_ruleset *ruleset);

/**
 * Follows a folder: whenever its files have changed and are sound, they become the current rules. `on_outcome` is called
 * with the JSON of each outcome and `user_data`, on a thread of the library and never twice at the same time; the first call is
 * about the first rules, perhaps before `*reloader` is set. The text is gone when the call returns. `on_outcome` may be null.
 * Free `*reloader` with `inbox_rules_reloader_close`. A process that is forked later does not follow the folder: there, calls
 * with `*reloader` fail with `INBOX_RULES_STATUS_LOAD`, and closing it does nothing.
 *
 * Must hold: `folder` is a string that ends in a zero byte; `on_outcome` may be called with `user_data` on another thread until
 * `inbox_rules_reloader_close` returns, and no exception of C++ leaves it; `reloader` can be written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_reloader_watch(const char *folder,
                                              void (*on_outcome)(const char *outcome, void *user_data),
                                              void *user_data,
                                              inbox_rules_reloader **reloader,
                                              inbox_rules_error **error);

/**
 * The current rules, always as a whole set. It never blocks. Free `*ruleset` with `inbox_rules_ruleset_free`; it stays as
 * it is, and may be used after `inbox_rules_reloader_close`.
 *
 * Must hold: `reloader` comes from this library and is not closed; `ruleset` can be written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_reloader_current(const inbox_rules_reloader *reloader,
                                                inbox_rules_ruleset **ruleset,
                                                inbox_rules_error **error);

/**
 * The outcome of the last change, as JSON. Free `*outcome` with `inbox_rules_string_free`.
 *
 * Must hold: `reloader` comes from this library and is not closed; `outcome` can be written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_reloader_outcome(const inbox_rules_reloader *reloader,
                                                char **outcome,
                                                inbox_rules_error **error);

/**
 * Makes the rules with that digest current, if they wait to be accepted (`waiting` in an outcome). `*outcome`
 * is then the outcome as JSON, to be freed with `inbox_rules_string_free`, and null if they do not wait.
 *
 * Must hold: `reloader` comes from this library and is not closed; `digest` is a string that ends in a zero byte; `outcome` can be
 * written; `error` is null or can be written.
 */
inbox_rules_status inbox_rules_reloader_accept(const inbox_rules_reloader *reloader,
                                               const char *digest,
                                               char **outcome,
                                               inbox_rules_error **error);

/**
 * Stops watching, and waits for a running call of `on_outcome` to return, unless `on_outcome` calls this. Null is allowed.
 *
 * Must hold: `reloader` is null, or comes from this library and is closed once, when no other call uses it.
 */
void inbox_rules_reloader_close(inbox_rules_reloader *reloader);

/**
 * What is wrong, where, and what to do, in one sentence. It is gone when the error is freed.
 *
 * Must hold: `error` is null, or comes from this library and is not freed.
 */
const char *inbox_rules_error_message(const inbox_rules_error *error);

/**
 * The error as JSON: `kind`, `message`, `place` (the field of the situation, such as `customer.owner`), `line` and `column` (in
 * its text) and `findings` (the faults of rules that cannot be used). It is gone when the error is freed.
 *
 * Must hold: `error` is null, or comes from this library and is not freed.
 */
const char *inbox_rules_error_details(const inbox_rules_error *error);

/**
 * Frees an error. Null is allowed.
 *
 * Must hold: `error` is null, or comes from this library and is freed once.
 */
void inbox_rules_error_free(inbox_rules_error *error);

/**
 * Frees a text that this library gave. Null is allowed.
 *
 * Must hold: `text` is null, or comes from this library as a text to be freed, and is freed once.
 */
void inbox_rules_string_free(char *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* INBOX_RULES_H */
