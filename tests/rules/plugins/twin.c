/* A whole plugin in C, that brings one rule type which never rings. */
#include <tocsin/plugin.h>

#define TEXT(s)                                                                                              \
    { s, sizeof(s) - 1 }

static int32_t plan(tocsin_ask* ask, const tocsin_value* params, uint32_t n, void* config,
                    tocsin_plan* plan) {
    (void)ask, (void)params, (void)n, (void)config;
    plan->inputs = TOCSIN_IN_TARIFF;
    return 0;
}
static void start(const void* config, void* state) {
    (void)config, (void)state;
}
static void evaluate(tocsin_ask* ask, const void* config, void* state, const tocsin_eval* eval,
                     tocsin_outcome* outcome) {
    (void)ask, (void)config, (void)state, (void)eval, (void)outcome;
}
static void report(const tocsin_ask* ask, const void* config, const void* state, const tocsin_eval* eval,
                   tocsin_report* report) {
    (void)ask, (void)config, (void)state, (void)eval, (void)report;
}

static const tocsin_rule twin = {.size = sizeof(tocsin_rule),
                                 .symbols = TOCSIN_SYMBOLS_NONE,
                                 .name = TEXT("twin"),
                                 .doc = TEXT("Never rings."),
                                 .param_stride = sizeof(tocsin_param),
                                 .value_stride = sizeof(tocsin_reported),
                                 .plan = plan,
                                 .start = start,
                                 .evaluate = evaluate,
                                 .report = report};
static const tocsin_rule* const rules[] = {&twin};
static const tocsin_plugin plugin = {.size = sizeof(tocsin_plugin),
                                     .abi_major = TOCSIN_ABI_MAJOR,
                                     .abi_minor = TOCSIN_ABI_MINOR,
                                     .n_rules = 1,
                                     .name = TEXT("twin"),
                                     .version = TEXT("1.2"),
                                     .rules = rules};

const tocsin_plugin* tocsin_plugin_1(const tocsin_host* host) {
    (void)host;
    return &plugin;
}
