/* The keepsake: a plugin in C against the header beside it, the first that was frozen. Built and loaded for
 * ever; tests/engine/frozen_test.cpp says what it tells. It uses all that the interface has.
 *
 * keepsake: the price has fallen `fall` points below the highest of a window; a condition with two levels,
 * the second at twice the fall. Each tariff event in between is an episode of its own, over with the next
 * one. */
#include <string.h>
#include <tocsin/plugin.h>

#define TEXT(s)                                                                                              \
    { s, sizeof(s) - 1 }
#define POINTS 1000000000ll
#define SECOND 1000000000ll

static const tocsin_host* host;

typedef struct {
    int64_t fall;
    int32_t window, moves, other, rule;
    tocsin_value length, first; /* the window's length; of the parameter `more` its item `first` */
    uint32_t way;
} config;
typedef struct {
    int64_t since;
    uint32_t size;
    char measure[20];
} state;

enum { FALL, WINDOW, WAY, MORE, OTHER, RULE, N_PARAMS };
static const tocsin_param more_fields[] = {{.name = TEXT("first"),
                                            .doc = TEXT("a number"),
                                            .type = TOCSIN_T_INT,
                                            .dflt = TEXT("7"),
                                            .min = TEXT("1")},
                                           {.name = TEXT("days"),
                                            .doc = TEXT("dates"),
                                            .type = TOCSIN_T_SESSION,
                                            .flags = TOCSIN_P_LIST | TOCSIN_P_OPTIONAL}};
static const tocsin_param params[N_PARAMS] = {
    [FALL] = {.name = TEXT("fall"), .doc = TEXT("points"), .type = TOCSIN_T_DECIMAL, .min = TEXT("0.5")},
    [WINDOW] = {.name = TEXT("window"),
                .doc = TEXT("how long"),
                .type = TOCSIN_T_DURATION,
                .dflt = TEXT("10m")},
    [WAY] = {.name = TEXT("way"),
             .doc = TEXT("no matter"),
             .type = TOCSIN_T_ENUM,
             .dflt = TEXT("down"),
             .choices = TEXT("up|down")},
    [MORE] = {.name = TEXT("more"),
              .doc = TEXT("an object"),
              .type = TOCSIN_T_OBJECT,
              .n_fields = 2,
              .field_stride = sizeof(tocsin_param),
              .fields = more_fields},
    [OTHER] = {.name = TEXT("other"),
               .doc = TEXT("a symbol"),
               .type = TOCSIN_T_STRING,
               .flags = TOCSIN_P_OPTIONAL},
    [RULE] = {
        .name = TEXT("rule"), .doc = TEXT("a rule"), .type = TOCSIN_T_STRING, .flags = TOCSIN_P_OPTIONAL}};

enum {
    PRICE,
    HIGHEST,
    PERCENT,
    WAITED,
    BEFORE,
    BACK,
    OPENS,
    DUE,
    RANK,
    OTHERS,
    MEMBER,
    FIRST,
    MEASURE,
    MARKS,
    N_VALUES
};
static const tocsin_reported mark_fields[] = {
    {.name = TEXT("at"), .doc = TEXT("a time"), .type = TOCSIN_T_TIME},
    {.name = TEXT("yes"), .doc = TEXT("true"), .type = TOCSIN_T_BOOL}};
static const tocsin_reported values[N_VALUES] = {
    [PRICE] = {.name = TEXT("price"), .doc = TEXT("the price"), .type = TOCSIN_T_DECIMAL},
    [HIGHEST] = {.name = TEXT("highest"), .doc = TEXT("of the window"), .type = TOCSIN_T_DECIMAL},
    [PERCENT] = {.name = TEXT("percent"), .doc = TEXT("below it"), .type = TOCSIN_T_PERCENT},
    [WAITED] = {.name = TEXT("waited"),
                .doc = TEXT("trading seconds since the highest"),
                .type = TOCSIN_T_DECIMAL},
    [BEFORE] = {.name = TEXT("before"), .doc = TEXT("the last close but one"), .type = TOCSIN_T_DECIMAL},
    [BACK] = {.name = TEXT("back"), .doc = TEXT("two sessions ago"), .type = TOCSIN_T_SESSION},
    [OPENS] = {.name = TEXT("opens"), .doc = TEXT("the next open"), .type = TOCSIN_T_TIME},
    [DUE] = {.name = TEXT("due"), .doc = TEXT("the window's length from now"), .type = TOCSIN_T_TIME},
    [RANK] = {.name = TEXT("rank"),
              .doc = TEXT("of the move since the previous close"),
              .type = TOCSIN_T_INT},
    [OTHERS] = {.name = TEXT("others"), .doc = TEXT("the other symbol's price"), .type = TOCSIN_T_DECIMAL},
    [MEMBER] = {.name = TEXT("member"), .doc = TEXT("the other rule's phase"), .type = TOCSIN_T_INT},
    [FIRST] = {.name = TEXT("first"), .doc = TEXT("more.first"), .type = TOCSIN_T_INT},
    [MEASURE] = {.name = TEXT("measure"), .doc = TEXT("the tariff's"), .type = TOCSIN_T_STRING},
    [MARKS] = {.name = TEXT("marks"),
               .doc = TEXT("a list"),
               .type = TOCSIN_T_OBJECT,
               .flags = TOCSIN_P_LIST,
               .n_fields = 2,
               .field_stride = sizeof(tocsin_reported),
               .fields = mark_fields}};
static const tocsin_str summaries[] = {TEXT("{symbol} is {percent} % below {highest}"), TEXT("{measure}")};

static int same(tocsin_str a, const char* b) {
    return a.n == strlen(b) && memcmp(a.p, b, a.n) == 0;
}
static const tocsin_value* item(tocsin_value list, uint32_t i) {
    return (const tocsin_value*)(const void*)((const char*)list.u.list.at + (size_t)i * list.u.list.stride);
}

static int32_t plan(tocsin_ask* ask, const tocsin_value* given, uint32_t n, void* block, tocsin_plan* plan) {
    config* c = block;
    const tocsin_str window = TEXT("window"), fall = TEXT("fall"), other = TEXT("other"), rule = TEXT("rule");
    const tocsin_str odd = TEXT("must be a whole number of points");
    tocsin_value all = {.type = TOCSIN_T_SCOPE};
    if (n != N_PARAMS) return -1;
    c->fall = given[FALL].u.i, c->length = given[WINDOW], c->way = (uint32_t)given[WAY].u.i;
    c->first = *item(given[MORE], 0);
    c->length.u.dur.unit = TOCSIN_U_TRADING;
    if (c->fall % POINTS != 0) {
        host->error(ask, fall, odd);
        return -1;
    }
    c->window = host->need_window(ask, c->length, TOCSIN_UP, 0, window);
    c->moves = host->need_moves(ask, TOCSIN_DOWN, TOCSIN_POINTS, all, 1, NULL);
    c->other = c->rule = -1;
    if (given[OTHER].type != 0) c->other = host->need_symbol(ask, given[OTHER].u.s, TOCSIN_IN_CLOSE, other);
    if (given[RULE].type != 0) c->rule = host->need_rule(ask, given[RULE].u.s, rule);
    plan->inputs = TOCSIN_IN_PRICE | TOCSIN_IN_SESSION | TOCSIN_IN_TARIFF;
    plan->condition = 1, plan->needs_symbol_time = 1;
    plan->state_size = sizeof(state);
    plan->n_levels = 2, plan->severity[0] = 0, plan->severity[1] = 3;
    return c->window < 0 || c->moves < 0 ? -1 : 0;
}

static void start(const void* block, void* memory) {
    (void)block;
    ((state*)memory)->since = TOCSIN_NONE;
}

static void tell(tocsin_ask* ask, const state* s, uint32_t outcome) {
    tocsin_outcome one = {.size = sizeof one,
                          .outcome = outcome,
                          .level = 1,
                          .low = TOCSIN_NONE,
                          .high = TOCSIN_NEVER,
                          .until = TOCSIN_NEVER,
                          .subject = {s->measure, s->size}};
    one.reason = outcome == TOCSIN_OFF ? TOCSIN_WHY_EXPIRED : TOCSIN_WHY_NONE;
    host->emit(ask, &one);
}

static void evaluate(tocsin_ask* ask, const void* block, void* memory, const tocsin_eval* eval,
                     tocsin_outcome* out) {
    const config* c = block;
    state* s = memory;
    tocsin_window window = {.size = sizeof window};
    out->size = sizeof *out, out->outcome = TOCSIN_OFF, out->level = 0, out->reason = TOCSIN_WHY_NONE;
    out->low = TOCSIN_NONE, out->high = TOCSIN_NEVER, out->until = TOCSIN_NEVER, out->wake_always = 1;
    if (eval->cause == TOCSIN_IN_TARIFF) {
        if (s->size > 0) tell(ask, s, TOCSIN_OFF);
        s->size = eval->tariff->measure.n < sizeof s->measure ? eval->tariff->measure.n
                                                              : (uint32_t)sizeof s->measure;
        memcpy(s->measure, eval->tariff->measure.p, s->size);
        if (same(eval->tariff->stage_name, "announced")) tell(ask, s, TOCSIN_ON);
    }
    if (eval->series->running == 0) {
        out->reason = TOCSIN_WHY_SESSION_END;
        return;
    }
    host->window(ask, c->window, &window);
    if (window.value == TOCSIN_NONE) {
        out->outcome = TOCSIN_HELD, out->reason = TOCSIN_WHY_NO_PRICE;
        return;
    }
    out->level = (int32_t)((window.value - eval->series->price) / c->fall);
    if (out->level > 2) out->level = 2;
    if (out->level > 0) out->outcome = TOCSIN_ON;
    s->since = window.at;
}

static void report(const tocsin_ask* ask, const void* block, const void* memory, const tocsin_eval* eval,
                   tocsin_report* out) {
    const config* c = block;
    const state* s = memory;
    const tocsin_series* series = eval->series;
    const tocsin_session* earlier = NULL;
    tocsin_window window = {.size = sizeof window};
    tocsin_rank rank = {.size = sizeof rank};
    tocsin_member member = {.size = sizeof member};
    tocsin_value *v = out->values, *marks, *fields;
    const tocsin_str same_symbol = {NULL, 0};
    uint32_t n;
    if (out->n_values != N_VALUES) return;
    out->summary = s->size > 0 ? 1 : 0;
    if (s->size > 0)
        v[MEASURE].type = TOCSIN_T_STRING, v[MEASURE].u.s.p = s->measure, v[MEASURE].u.s.n = s->size;
    v[FIRST] = c->first;
    host->window(ask, c->window, &window);
    if (series->price == TOCSIN_NONE || window.value == TOCSIN_NONE) return;
    v[PRICE].type = TOCSIN_T_DECIMAL, v[PRICE].u.i = series->price;
    v[HIGHEST].type = TOCSIN_T_DECIMAL, v[HIGHEST].u.i = window.value;
    v[PERCENT].type = TOCSIN_T_PERCENT, v[PERCENT].u.ratio.num = window.value - series->price;
    v[PERCENT].u.ratio.den = window.value;
    v[WAITED].type = TOCSIN_T_DECIMAL, v[WAITED].u.i = host->trading_between(ask, window.at, eval->now);
    n = host->sessions(ask, -1, series->session, 2, &earlier);
    if (n == 2) v[BEFORE].type = TOCSIN_T_DECIMAL, v[BEFORE].u.i = earlier[0].close;
    v[BACK].type = TOCSIN_T_SESSION, v[BACK].u.i = host->session_back(ask, series->session, 2);
    v[OPENS].type = TOCSIN_T_TIME, v[OPENS].u.i = host->next_open(ask, eval->now);
    v[DUE].type = TOCSIN_T_TIME, v[DUE].u.i = host->add(ask, eval->now, c->length);
    if (series->prev_close != TOCSIN_NONE) {
        host->rank(ask, c->moves, series->session, series->prev_close, series->price, &rank);
        v[RANK].type = TOCSIN_T_INT, v[RANK].u.i = rank.rank;
    }
    if (c->other >= 0) v[OTHERS].type = TOCSIN_T_DECIMAL, v[OTHERS].u.i = host->other(ask, c->other)->price;
    if (c->rule >= 0 && host->member(ask, c->rule, same_symbol, &member) == 0)
        v[MEMBER].type = TOCSIN_T_INT, v[MEMBER].u.i = member.phase;
    marks = host->scratch(ask, 1), fields = host->scratch(ask, 2);
    v[MARKS].type = TOCSIN_T_LIST, v[MARKS].u.list.at = marks;
    v[MARKS].u.list.n = 1, v[MARKS].u.list.stride = sizeof(tocsin_value);
    marks[0].type = TOCSIN_T_OBJECT, marks[0].u.list.at = fields;
    marks[0].u.list.n = 2, marks[0].u.list.stride = sizeof(tocsin_value);
    fields[0].type = TOCSIN_T_TIME, fields[0].u.i = s->since;
    fields[1].type = TOCSIN_T_BOOL, fields[1].u.i = 1;
    if (out->n_checks < out->max_checks) {
        tocsin_check* check = &out->checks[out->n_checks++];
        const tocsin_str what = TEXT("price");
        memset(check, 0, sizeof *check);
        check->what = what, check->op = TOCSIN_OP_LE;
        check->left.type = check->right.type = check->margin.type = TOCSIN_T_DECIMAL;
        check->left.u.i = series->price, check->right.u.i = window.value - c->fall;
        check->margin.u.i = check->left.u.i - check->right.u.i, check->pass = check->margin.u.i <= 0;
    }
}

static const tocsin_rule keepsake = {.size = sizeof(tocsin_rule),
                                     .symbols = TOCSIN_SYMBOLS_REQUIRED,
                                     .name = TEXT("keepsake"),
                                     .doc = TEXT("A fall within a window."),
                                     .state_version = 1,
                                     .n_params = N_PARAMS,
                                     .param_stride = sizeof(tocsin_param),
                                     .n_values = N_VALUES,
                                     .value_stride = sizeof(tocsin_reported),
                                     .n_summaries = 2,
                                     .params = params,
                                     .values = values,
                                     .summaries = summaries,
                                     .config_size = sizeof(config),
                                     .plan = plan,
                                     .start = start,
                                     .evaluate = evaluate,
                                     .report = report};
static const tocsin_rule* const rules[] = {&keepsake};
static const tocsin_plugin plugin = {.size = sizeof(tocsin_plugin),
                                     .abi_major = TOCSIN_ABI_MAJOR,
                                     .abi_minor = TOCSIN_ABI_MINOR,
                                     .n_rules = 1,
                                     .name = TEXT("keepsake"),
                                     .version = TEXT("1.0"),
                                     .rules = rules};

const tocsin_plugin* tocsin_plugin_1(const tocsin_host* given) {
    host = given;
    return given->abi_major == TOCSIN_ABI_MAJOR ? &plugin : NULL;
}
