/* The library for C, compared with the program `rules`: calls PROGRAM ROOT TEMPORARY_FOLDER */

#define _POSIX_C_SOURCE 200809L

#include <inbox_rules.h>
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef NDEBUG
#error "the tests are assertions"
#endif

enum { TEXT = 1 << 20, SITUATIONS = 6, THREADS = 4 };

static const char *program, *root, *temporary;
static char situations[SITUATIONS][4096];

/* A text made like that of printf, to be freed. */
#define FORMAT(text, ...)                                                                                              \
    char text[8192];                                                                                                   \
    assert(snprintf(text, sizeof text, __VA_ARGS__) < (int)sizeof text)

static char *read_all(FILE *file)
{
    char *text = calloc(1, TEXT);
    assert(file != NULL && text != NULL);
    size_t length = fread(text, 1, TEXT - 1, file);
    assert(length < TEXT - 1);
    return text;
}

/* What the program prints; to be freed. */
static char *printed(const char *arguments)
{
    FORMAT(command, "cd '%s' && '%s' %s", root, program, arguments);
    FILE *pipe = popen(command, "r");
    char *text = read_all(pipe);
    pclose(pipe);
    return text;
}

/* Takes the spaces and line ends out of JSON, but for those in texts. */
static char *compact(char *json)
{
    char *to = json;
    int is_text = 0;
    for (const char *from = json; *from != '\0'; from++) {
        if (*from == '"' && (from == json || from[-1] != '\\'))
            is_text = !is_text;
        if (is_text || (*from != ' ' && *from != '\n'))
            *to++ = *from;
    }
    *to = '\0';
    return json;
}

static void read_situations(void)
{
    FORMAT(path, "%s/bindings/tests/situations.jsonl", root);
    FILE *file = fopen(path, "r");
    assert(file != NULL);
    for (int i = 0; i < SITUATIONS; i++) {
        assert(fgets(situations[i], sizeof situations[i], file) != NULL);
        situations[i][strcspn(situations[i], "\n")] = '\0';
    }
    fclose(file);
}

static inbox_rules_ruleset *load(const char *folder)
{
    inbox_rules_ruleset *rules = NULL;
    inbox_rules_error *error = NULL;
    assert(inbox_rules_ruleset_load(folder, &rules, &error) == INBOX_RULES_STATUS_OK);
    assert(rules != NULL && error == NULL);
    return rules;
}

/* The decision, to be freed. */
static char *decide(const inbox_rules_ruleset *rules, const char *situation, uint64_t seed, bool explain)
{
    char *decision = NULL;
    inbox_rules_error *error = NULL;
    assert(inbox_rules_ruleset_decide(rules, situation, seed, explain, &decision, &error) == INBOX_RULES_STATUS_OK);
    assert(decision != NULL && error == NULL);
    return decision;
}

static inbox_rules_ruleset *samples(void)
{
    FORMAT(folder, "%s/rules", root);
    return load(folder);
}

static void the_cases_of_the_settings_page_are_decided_as_by_the_program(void)
{
    inbox_rules_ruleset *rules = samples();
    const struct {
        const char *options;
        uint64_t seed;
        bool explain;
    } cases[] = { { "", 0, false }, { "--explain", 0, true }, { "--seed 7", 7, false } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FORMAT(arguments, "route --format json %s bindings/tests/situations.jsonl", cases[i].options);
        char *lines = printed(arguments);
        char *rest = lines;
        for (int j = 0; j < SITUATIONS; j++) {
            char *line = strtok_r(rest, "\n", &rest);
            char *decision = decide(rules, situations[j], cases[i].seed, cases[i].explain);
            assert(line != NULL && strcmp(line, decision) == 0);
            inbox_rules_string_free(decision);
        }
        assert(strtok_r(rest, "\n", &rest) == NULL);
        free(lines);
    }
    inbox_rules_ruleset_free(rules);
}

static void findings_are_those_of_the_program(const char *folder)
{
    FORMAT(arguments, "check --format json '%s'", folder);
    char *expected = printed(arguments);
    char *report = NULL;
    inbox_rules_error *error = NULL;
    assert(inbox_rules_check(folder, &report, &error) == INBOX_RULES_STATUS_OK);
    assert(error == NULL && strcmp(compact(expected), compact(report)) == 0);
    free(expected);
    inbox_rules_string_free(report);
}

/* The status, message and details are as they should be; frees the error. */
static void fails(inbox_rules_status status, inbox_rules_status expected, inbox_rules_error *error, const char *message,
                  const char *details)
{
    assert(status == expected && error != NULL);
    assert(strstr(inbox_rules_error_message(error), message) != NULL);
    assert(strstr(inbox_rules_error_details(error), details) != NULL);
    inbox_rules_error_free(error);
}

static void wrong_arguments_are_errors(void)
{
    inbox_rules_ruleset *rules = samples();
    inbox_rules_ruleset *none = rules;
    inbox_rules_reloader *live = NULL;
    inbox_rules_error *error = NULL;
    char *text = (char *)situations[0];
    inbox_rules_status status;

    status = inbox_rules_ruleset_load(NULL, &none, &error);
    fails(status, INBOX_RULES_STATUS_NULL, error, "`folder` is null", "\"kind\":\"argument\"");
    assert(none == NULL);
    status = inbox_rules_ruleset_load("rules", NULL, &error);
    fails(status, INBOX_RULES_STATUS_NULL, error, "`ruleset` is null", "\"argument\"");
    status = inbox_rules_ruleset_load("\xff", &none, &error);
    fails(status, INBOX_RULES_STATUS_NOT_UTF8, error, "`folder` is not UTF-8", "\"argument\"");
    status = inbox_rules_ruleset_load("nowhere", &none, &error);
    fails(status, INBOX_RULES_STATUS_LOAD, error, "there is no file or folder `nowhere`", "\"findings\":[]");
    status = inbox_rules_check("nowhere", &text, &error);
    fails(status, INBOX_RULES_STATUS_LOAD, error, "there is no file or folder `nowhere`", "\"kind\":\"load\"");
    assert(text == NULL);
    status = inbox_rules_reloader_watch("nowhere", NULL, NULL, &live, &error);
    fails(status, INBOX_RULES_STATUS_LOAD, error, "there is no file or folder `nowhere`", "\"kind\":\"load\"");

    status = inbox_rules_ruleset_decide(NULL, situations[0], 0, false, &text, &error);
    fails(status, INBOX_RULES_STATUS_NULL, error, "`ruleset` is null", "\"argument\"");
    status = inbox_rules_ruleset_decide(rules, NULL, 0, false, &text, &error);
    fails(status, INBOX_RULES_STATUS_NULL, error, "`situation` is null", "\"argument\"");
    status = inbox_rules_ruleset_decide(rules, "{\"number\": \"\xc3\"}", 0, false, &text, &error);
    fails(status, INBOX_RULES_STATUS_NOT_UTF8, error, "`situation` is not UTF-8", "\"argument\"");
    status = inbox_rules_ruleset_decide(rules, situations[0], 0, false, NULL, &error);
    fails(status, INBOX_RULES_STATUS_NULL, error, "`decision` is null", "\"argument\"");
    status = inbox_rules_ruleset_decide(rules, "{\n\"number\": }", 0, false, &text, &error);
    fails(status, INBOX_RULES_STATUS_SITUATION, error, "this is not JSON", "\"line\":2,\"column\":11");
    status = inbox_rules_ruleset_decide(rules, "{\"number\":\"+15550100\",\"users\":{\"alcie\":{}}}", 0, false,
                                         &text, &error);
    fails(status, INBOX_RULES_STATUS_SITUATION, error, "did you mean `alice`? (at `users.alcie`)", "\"place\":\"users.alcie\"");

    /* An error that nobody wants is not made. */
    assert(inbox_rules_ruleset_decide(rules, "[]", 0, false, &text, NULL) == INBOX_RULES_STATUS_SITUATION);
    assert(inbox_rules_error_message(NULL) == NULL && inbox_rules_error_details(NULL) == NULL);
    inbox_rules_error_free(NULL);
    inbox_rules_string_free(NULL);
    inbox_rules_ruleset_free(NULL);
    inbox_rules_reloader_close(NULL);
    inbox_rules_ruleset_free(rules);
}

static void *decide_many(void *rules)
{
    for (int i = 0; i < 100; i++) {
        char *first = decide(rules, situations[i % SITUATIONS], 3, true);
        char *second = decide(rules, situations[i % SITUATIONS], 3, true);
        assert(strcmp(first, second) == 0);
        inbox_rules_string_free(first);
        inbox_rules_string_free(second);
    }
    return NULL;
}

static void threads_share_a_rule_set(void)
{
    inbox_rules_ruleset *rules = samples();
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert(pthread_create(&threads[i], NULL, decide_many, rules) == 0);
    for (int i = 0; i < THREADS; i++)
        assert(pthread_join(threads[i], NULL) == 0);
    inbox_rules_ruleset_free(rules);
}

/* The last outcome, and how many there were. */
struct outcomes {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int count;
    char last[65536];
};

static void on_outcome(const char *outcome, void *user_data)
{
    struct outcomes *outcomes = user_data;
    assert(strlen(outcome) < sizeof outcomes->last);
    pthread_mutex_lock(&outcomes->lock);
    strcpy(outcomes->last, outcome);
    outcomes->count++;
    pthread_cond_signal(&outcomes->changed);
    pthread_mutex_unlock(&outcomes->lock);
}

static void wait_for(struct outcomes *outcomes, int count, const char *part)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 120;
    pthread_mutex_lock(&outcomes->lock);
    while (outcomes->count < count)
        assert(pthread_cond_timedwait(&outcomes->changed, &outcomes->lock, &end) == 0);
    assert(strstr(outcomes->last, part) != NULL);
    pthread_mutex_unlock(&outcomes->lock);
}

static void shell(const char *command)
{
    assert(system(command) == 0);
}

static void current_reply_is(const inbox_rules_reloader *live, const char *reply)
{
    inbox_rules_ruleset *rules = NULL;
    assert(inbox_rules_reloader_current(live, &rules, NULL) == INBOX_RULES_STATUS_OK);
    char *decision = decide(rules, situations[0], 0, false);
    assert(strstr(decision, reply) != NULL);
    inbox_rules_string_free(decision);
    inbox_rules_ruleset_free(rules);
}

static void a_change_is_followed_and_a_bad_one_is_refused(void)
{
    FORMAT(folder, "%s/rules", temporary);
    FORMAT(copy, "cp -R '%s/rules' '%s'", root, temporary);
    shell(copy);
    struct outcomes outcomes = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, "" };
    inbox_rules_reloader *live = NULL;
    inbox_rules_error *error = NULL;
    assert(inbox_rules_reloader_watch(folder, on_outcome, &outcomes, &live, &error) == INBOX_RULES_STATUS_OK);
    wait_for(&outcomes, 1, "\"taken\":true,\"refusal\":null,\"waiting\":false,\"generation\":1");
    inbox_rules_ruleset *held = NULL;
    assert(inbox_rules_reloader_current(live, &held, &error) == INBOX_RULES_STATUS_OK);

    const char *change = "cd '%s' && sed '%s' +15550100.rules > other && mv other +15550100.rules";
    FORMAT(good, change, folder, "s/Welcome to my store/Good morning/");
    shell(good);
    wait_for(&outcomes, 2, "\"changed\":[\"+15550100.rules\"]");
    current_reply_is(live, "Good morning");
    char *decision = decide(held, situations[0], 0, false);
    assert(strstr(decision, "Welcome to my store") != NULL);
    inbox_rules_string_free(decision);

    FORMAT(bad, change, folder, "s/group \"Sales\" by least_chats/group \"Slaes\" by least_chats/");
    shell(bad);
    wait_for(&outcomes, 3, "\"generation\":2");
    wait_for(&outcomes, 3, "\"taken\":false");
    wait_for(&outcomes, 3, "unknown-group");
    current_reply_is(live, "Good morning");
    char *outcome = NULL;
    assert(inbox_rules_reloader_outcome(live, &outcome, &error) == INBOX_RULES_STATUS_OK);
    assert(strcmp(outcome, outcomes.last) == 0);
    inbox_rules_string_free(outcome);
    assert(inbox_rules_reloader_accept(live, "sha256:0", &outcome, &error) == INBOX_RULES_STATUS_OK);
    assert(outcome == NULL);
    findings_are_those_of_the_program(folder);

    inbox_rules_ruleset *none = held;
    inbox_rules_status status = inbox_rules_ruleset_load(folder, &none, &error);
    fails(status, INBOX_RULES_STATUS_LOAD, error, "no group is called `Slaes`", "\"code\":\"unknown-group\"");
    assert(none == NULL);

    inbox_rules_reloader_close(live);
    decision = decide(held, situations[0], 0, false);
    inbox_rules_string_free(decision);
    inbox_rules_ruleset_free(held);
}

struct running {
    int has_begun[2], may_end[2];
};

static void wait_in_call(const char *outcome, void *user_data)
{
    struct running *running = user_data;
    char byte = outcome[0];
    assert(write(running->has_begun[1], &byte, 1) == 1);
    assert(read(running->may_end[0], &byte, 1) == 1);
}

static void a_forked_process_does_not_follow_the_folder(void)
{
    FORMAT(folder, "%s/rules", root);
    struct running running;
    assert(pipe(running.has_begun) == 0 && pipe(running.may_end) == 0);
    inbox_rules_reloader *live = NULL;
    inbox_rules_ruleset *rules = NULL;
    inbox_rules_error *error = NULL;
    assert(inbox_rules_reloader_watch(folder, wait_in_call, &running, &live, NULL) == INBOX_RULES_STATUS_OK);
    assert(inbox_rules_reloader_current(live, &rules, NULL) == INBOX_RULES_STATUS_OK);
    char byte;
    assert(read(running.has_begun[0], &byte, 1) == 1 && byte == '{');
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        alarm(120);
        inbox_rules_ruleset *none = rules;
        inbox_rules_status status = inbox_rules_reloader_current(live, &none, &error);
        fails(status, INBOX_RULES_STATUS_LOAD, error, "call `watch` in it", "\"findings\":[]");
        assert(none == NULL);
        inbox_rules_reloader_close(live);
        inbox_rules_string_free(decide(rules, situations[0], 0, false));
        /* Not `_exit`: what nobody may free here is no leak to valgrind, for the process becomes another. */
        execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
        abort();
    }
    int status;
    assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 5);
    assert(write(running.may_end[1], &byte, 1) == 1);
    inbox_rules_reloader_close(live);
    inbox_rules_ruleset_free(rules);
    for (int i = 0; i < 2; i++)
        assert(close(running.has_begun[i]) == 0 && close(running.may_end[i]) == 0);
}

int main(int argc, char **argv)
{
    assert(argc == 4);
    program = argv[1];
    root = argv[2];
    temporary = argv[3];
    read_situations();
    the_cases_of_the_settings_page_are_decided_as_by_the_program();
    FORMAT(folder, "%s/rules", root);
    findings_are_those_of_the_program(folder);
    FORMAT(file, "%s/rules/default.rules", root);
    findings_are_those_of_the_program(file);
    wrong_arguments_are_errors();
    threads_share_a_rule_set();
    a_change_is_followed_and_a_bad_one_is_refused();
    a_forked_process_does_not_follow_the_folder();
    puts("all calls are right");
    return 0;
}
