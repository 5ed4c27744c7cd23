/* Routes a message by the rules of a folder: ./route rules */
#include <inbox_rules.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    const char *situation = "{\"number\": \"+15550100\", \"message\": {\"id\": \"wamid.A1\", \"text\": \"I want a refund\"},"
                            " \"customer\": {\"name\": \"Mona\", \"returning\": true, \"owner\": \"alice\"},"
                            " \"users\": {\"bob\": {\"presence\": \"online\", \"chats\": 3}}}";
    inbox_rules_ruleset *rules = NULL;
    inbox_rules_error *error = NULL;
    char *decision = NULL;
    if (inbox_rules_ruleset_load(argc > 1 ? argv[1] : "rules", &rules, &error) == INBOX_RULES_STATUS_OK
        && inbox_rules_ruleset_decide(rules, situation, 0, true, &decision, &error) == INBOX_RULES_STATUS_OK)
        puts(decision);
    if (error != NULL)
        fprintf(stderr, "%s\n", inbox_rules_error_message(error));
    int exit_code = error != NULL;
    inbox_rules_string_free(decision);
    inbox_rules_error_free(error);
    inbox_rules_ruleset_free(rules);
    return exit_code;
}
