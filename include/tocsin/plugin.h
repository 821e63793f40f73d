/* SPDX-License-Identifier: Apache-2.0
 * The plugin interface of tocsin, major 1. C11.
 *
 * A plugin is a shared library that exports one symbol, tocsin_plugin_1. It declares rule types: their
 * parameters, the values that they report, the inputs that they need. The host parses, checks and documents
 * from that declaration, and asks one question: which level holds now, given the level that is active?
 * Episodes, `for`, cooldowns, numbering and everything that a subscriber sees are the host's.
 *
 * - One thread calls everything. No call may throw, block, read a clock, a locale or a random number, or keep
 * a pointer past its return, but for parameters: they and their strings live as long as the rule.
 * - State is one flat block without pointers, owned by the host: a snapshot or a fork is a copy of its bytes.
 * - Frozen: structs only grow, at the end, and begin with their size or come in arrays with a stride; lists
 * of numbers only grow. A new major is a new symbol. docs/plugin-abi.md says what may change, and what never.
 * - Prices, points and percents are signed 64-bit counts of 1e-9 (of the point, of the percent). Times are
 * nanoseconds since 1970, UTC. Sessions are days since 1970-01-01.
 */
#ifndef TOCSIN_PLUGIN_H
#define TOCSIN_PLUGIN_H
#include <stdint.h>

#define TOCSIN_ABI_MAJOR 1u
#define TOCSIN_ABI_MINOR 0u
#define TOCSIN_NONE INT64_MIN  /* no price, no time, no bound below */
#define TOCSIN_NEVER INT64_MAX /* no bound above, no deadline */
#define TOCSIN_NO_SESSION INT32_MIN
#define TOCSIN_MAX_LEVELS 16

typedef struct {
    const char* p;
    uint32_t n;
} tocsin_str; /* UTF-8, not NUL-terminated */

typedef enum {
    TOCSIN_T_BOOL = 1, /* i: 0 or 1 */
    TOCSIN_T_INT,      /* i */
    TOCSIN_T_DECIMAL,  /* i: 1e-9. A price, points, a percent */
    TOCSIN_T_AMOUNT,   /* i: 1e-9; written `100` or `0.5%`: then flags has TOCSIN_V_PERCENT */
    TOCSIN_T_DURATION, /* dur */
    TOCSIN_T_TIME,     /* i: nanoseconds */
    TOCSIN_T_SESSION,  /* i: days */
    TOCSIN_T_STRING,   /* s */
    TOCSIN_T_ENUM,     /* i: the index among `choices` */
    TOCSIN_T_SCOPE,    /* scope: all_time, last:N, since:DATE */
    TOCSIN_T_OBJECT,   /* list: the declared fields, in their order */
    TOCSIN_T_LIST,     /* list */
    TOCSIN_T_PERCENT   /* reported only. ratio num/den, printed as a percent with 4 decimals */
} tocsin_type;

typedef enum { TOCSIN_U_CLOCK = 0, TOCSIN_U_TRADING, TOCSIN_U_SESSIONS } tocsin_unit;
typedef enum { TOCSIN_SCOPE_ALL = 0, TOCSIN_SCOPE_LAST, TOCSIN_SCOPE_SINCE } tocsin_scope_kind;

enum { TOCSIN_V_PERCENT = 1 }; /* tocsin_value.flags */

typedef struct tocsin_value { /* a parameter read, or a value reported */
    uint32_t type, flags;     /* type 0: absent */
    union {
        int64_t i;
        struct {
            int64_t num, den;
        } ratio;
        struct {
            int64_t count;
            uint32_t unit;
        } dur; /* nanoseconds, or a number of sessions */
        struct {
            int64_t value;
            uint32_t kind;
        } scope; /* a number of sessions, or days since 1970 */
        tocsin_str s;
        struct {
            const struct tocsin_value* at;
            uint32_t n, stride;
        } list;
    } u;
} tocsin_value;

enum {
    TOCSIN_P_LIST = 1,     /* a list of this type */
    TOCSIN_P_OPTIONAL = 2, /* may be absent although it has no default */
    TOCSIN_P_NOT_YET = 4   /* a name that is taken: an error "not in this version" */
};

typedef struct tocsin_param {
    tocsin_str name, doc;
    tocsin_str dflt;     /* as YAML text; empty: required, unless optional */
    tocsin_str min, max; /* as YAML text, inclusive; empty: none */
    tocsin_str choices;  /* of an enum: "up|down|any" */
    uint32_t type, flags, max_items;
    uint32_t n_fields, field_stride;
    const struct tocsin_param* fields; /* of an object */
} tocsin_param;

typedef struct tocsin_reported {
    tocsin_str name, doc;
    uint32_t type, flags; /* TOCSIN_P_LIST: a list of this type */
    uint32_t n_fields, field_stride;
    const struct tocsin_reported* fields; /* of an object */
} tocsin_reported;

/* Inputs, and causes of an evaluation. */
enum {
    TOCSIN_IN_PRICE = 1, /* a tick, an open or an official close whose price is at or beyond a bound */
    TOCSIN_IN_BAR = 2, /* a price of a bar of a session without ticks; asked for with tocsin_plan.bar_side */
    TOCSIN_IN_CLOSE = 4,   /* an official close (series: of the session that it closes) */
    TOCSIN_IN_SESSION = 8, /* a session opens, ends, or gets its close after it has ended */
    TOCSIN_IN_TARIFF = 16,
    TOCSIN_IN_STATUS = 32,     /* halted, resumed, closed */
    TOCSIN_IN_ALERT = 64,      /* an alert of a rule asked for with need_rule */
    TOCSIN_IN_REFERENCE = 128, /* the previous close became known or changed */
    TOCSIN_IN_TIME = 256,      /* `until` is due */
    TOCSIN_IN_PROBE = 512,     /* asked, not woken: nothing may change */
    TOCSIN_IN_OTHER = 1024     /* an input of another symbol, asked for with need_symbol */
};

/* The numbers of phases and qualities are those of the contract's lists. */
enum {
    TOCSIN_PHASE_CLOSED = 0,
    TOCSIN_PHASE_PRE,
    TOCSIN_PHASE_AM,
    TOCSIN_PHASE_LUNCH,
    TOCSIN_PHASE_PM,
    TOCSIN_PHASE_AUCTION,
    TOCSIN_PHASE_POST,
    TOCSIN_PHASE_HALTED
};
enum {
    TOCSIN_Q_OK = 0,
    TOCSIN_Q_PROVISIONAL,
    TOCSIN_Q_LATE,
    TOCSIN_Q_HALTED,
    TOCSIN_Q_STALE,
    TOCSIN_Q_CONFLICT,
    TOCSIN_Q_GAP
};
/* How far a session has come. */
enum { TOCSIN_RUNNING = 0, TOCSIN_ENDED, TOCSIN_PROVISIONAL_CLOSE, TOCSIN_OFFICIAL_CLOSE };

typedef struct tocsin_series { /* a symbol, as it stands at this evaluation; TOCSIN_NONE where unknown */
    uint32_t size;
    uint32_t phase, quality;
    uint32_t running; /* 1: a session runs (its open has come, its end has not) */
    uint32_t settled; /* TOCSIN_RUNNING … of the session below */
    uint32_t prev_close_provisional;
    int32_t session;             /* the running or the last session; TOCSIN_NO_SESSION before the first */
    int32_t prev_session;        /* the session of prev_close */
    int32_t previous_session;    /* the session of `previous` */
    uint32_t ticks;              /* accepted ticks of this session */
    int64_t price, at;           /* the last accepted price, and its time */
    int64_t previous;            /* the accepted price before it */
    int64_t changed_at;          /* when `price` took its present value */
    int64_t open, high, low;     /* of this session */
    int64_t close;               /* this session's official close */
    int64_t prev_close;          /* the previous session's official (or provisional) close */
    int64_t opens_at, closes_at; /* this session's scheduled hours */
    uint32_t open_quoted;        /* 1: `open` is a quote of kind open */
    uint32_t reserved;
} tocsin_series;

/* tier: 1 rumour, 2 media, 3 official. prior_tier: the highest tier at which an equal event (measure, stage,
 * imposer, target, scope, rate, effective and expires) came before; 0: none. sources: the feeds that have
 * brought it so far. */
typedef struct tocsin_tariff {
    uint32_t size, stage, tier, prior_tier; /* stage: index in the contract's list */
    tocsin_str measure, imposer, target, scope, title, url, stage_name, tier_name;
    int64_t rate;               /* 1e-9 percent, or TOCSIN_NONE */
    int64_t effective, expires; /* or TOCSIN_NONE */
    int64_t at;
    uint32_t late; /* event time had passed it when it came */
    uint32_t n_sources;
    const tocsin_str* sources;
} tocsin_tariff;

/* state: 0 firing, 1 resolved, 2 event. entered: reason is `entered`. */
typedef struct tocsin_alert_in {
    uint32_t size, transition, state, entered, late, reserved;
    tocsin_str rule, symbol, subject, id; /* symbol, subject: empty where absent; id: 32 hex digits */
    int64_t at;
} tocsin_alert_in;

typedef struct tocsin_eval {
    uint32_t size, cause; /* one of TOCSIN_IN_… */
    int64_t now;          /* event time; of a session's end: its scheduled close */
    int32_t level;        /* the active level; 0: none */
    uint32_t reserved;
    tocsin_str symbol;
    const tocsin_series* series;  /* NULL without a symbol */
    const tocsin_tariff* tariff;  /* cause TARIFF */
    const tocsin_alert_in* alert; /* cause ALERT */
} tocsin_eval;

enum {
    TOCSIN_HELD = 0, /* cannot tell: neither fires nor resolves */
    TOCSIN_OFF,      /* a condition: no level holds */
    TOCSIN_ON,       /* a condition: `level` holds, from 1 */
    TOCSIN_HAPPENED, /* an event; `level`: whose severity it has, 0: the rule's */
    TOCSIN_QUIET,    /* an event: nothing happened */
    TOCSIN_WARMUP    /* not enough is known yet: have of need. Neither fires nor resolves */
};
/* Why. For OFF: cleared unless it says otherwise. For HELD and WARMUP: what is missing. */
enum {
    TOCSIN_WHY_NONE = 0,
    TOCSIN_WHY_SESSION_END,
    TOCSIN_WHY_NO_PRICE,
    TOCSIN_WHY_NO_PREV_CLOSE,
    TOCSIN_WHY_MIN_SESSIONS,
    TOCSIN_WHY_HALTED,
    TOCSIN_WHY_CLOSED,
    TOCSIN_WHY_NO_CLOSE,
    TOCSIN_WHY_FIRST_PRICE,
    TOCSIN_WHY_EXPIRED,      /* OFF: what the episode was about is past */
    TOCSIN_WHY_RESCHEDULED,  /* OFF: what the episode was about has moved */
    TOCSIN_WHY_STALE,        /* HELD: what it would judge is too old */
    TOCSIN_WHY_MEMBER,       /* HELD: a rule that it listens to cannot tell */
    TOCSIN_WHY_PEAK_EXPIRED, /* OFF: the extreme that it rested on has left the window */
    TOCSIN_WHY_LATE_ARRIVAL  /* OFF: what was missing has come after all */
};

typedef struct tocsin_outcome {
    uint32_t size, outcome;
    int32_t level;
    uint32_t reason;
    int64_t low, high;    /* silent while low < price < high … */
    int64_t until;        /* … and event time < until */
    uint32_t wake_always; /* 1: every accepted price wakes it */
    uint32_t have, need;  /* of a warm-up */
    uint32_t reserved;
    tocsin_str subject; /* what the episode is of (a tariff's measure); empty: nothing */
} tocsin_outcome;

/* A comparison as it stands: `left op right`, margin = how far left is from making it true (<= 0: it holds).
 */
enum { TOCSIN_OP_LT = 0, TOCSIN_OP_LE, TOCSIN_OP_GT, TOCSIN_OP_GE };
typedef struct tocsin_check {
    tocsin_str what;
    tocsin_value left, right, margin;
    uint32_t op, pass;
} tocsin_check;

typedef struct tocsin_report {
    uint32_t size;
    uint32_t n_values; /* of tocsin_rule.values, in that order; they come absent */
    tocsin_value* values;
    tocsin_check* checks;
    uint32_t max_checks, n_checks;
    uint32_t summary; /* which of tocsin_rule.summaries fits */
    uint32_t reserved;
} tocsin_report;

/* A session that has a close: one of a symbol's history. TOCSIN_NONE where unknown. */
typedef struct tocsin_session {
    int32_t session;
    uint32_t provisional; /* 1: the close is the last tick, not an official one */
    int64_t prev_close;   /* of the session before it; TOCSIN_NONE: that is a hole */
    int64_t open, high, low, close;
    int64_t trading; /* its trading time by the calendar; 0: before the calendar's span */
} tocsin_session;

/* The most extreme price of a window that ends now. `value` TOCSIN_NONE: no price lies in it. */
typedef struct tocsin_window {
    uint32_t size, reserved;
    int64_t value, at; /* of equals the latest */
} tocsin_window;

/* Another rule, as it stands now for this symbol. phase: 0 armed, 1 pending, 2 firing, 3 recovering. outcome:
 * what it would answer now; of an event QUIET. */
typedef struct tocsin_member {
    uint32_t size, phase, outcome;
    int32_t level; /* active; 0: none */
} tocsin_member;

/* A move of the record: among the moves of earlier sessions. */
typedef struct tocsin_move {
    int32_t session;
    uint32_t seed;
    int64_t prev_close, close;
} tocsin_move;
typedef struct tocsin_rank {
    uint32_t size;
    uint32_t rank;    /* 1 + the number of earlier moves strictly larger */
    uint32_t ties;    /* earlier moves that are equal */
    uint32_t history; /* earlier moves of the scope in the data, in either direction */
    uint32_t exact; /* no session of the scope is missing; beyond the data, the move is larger than the seeds'
                       smallest */
    uint32_t has_record, has_kth;
    uint32_t reserved;
    tocsin_move record; /* the largest earlier move; of equals the earliest */
    tocsin_move kth;    /* the k-th largest earlier move */
} tocsin_rank;

typedef struct tocsin_ask tocsin_ask; /* the host's side of one instance */

enum { TOCSIN_DOWN = 0, TOCSIN_UP, TOCSIN_ANY };
enum { TOCSIN_POINTS = 0, TOCSIN_MEASURE_PERCENT };

typedef struct tocsin_host {
    uint32_t size, abi_major, abi_minor, reserved;
    /* During plan only. A handle, or -1 with an error already reported. */
    int32_t (*need_moves)(
        tocsin_ask*, uint32_t direction, uint32_t measure, tocsin_value scope, uint32_t k,
        const tocsin_value* seeds /* a list of {session, previous_close, close}, or NULL */);
    /* The alerts of that rule (unknown, or itself: an error at `path`) become inputs; it is evaluated after
     * it. */
    int32_t (*need_rule)(tocsin_ask*, tocsin_str rule, tocsin_str path);
    /* A mistake in a parameter: `path` as in `levels[1].at`; becomes file:line:column. */
    void (*error)(tocsin_ask*, tocsin_str path, tocsin_str text);
    /* Any time; pure. */
    /* How the move from prev_close to price, judged for `session`, ranks among the moves of earlier sessions.
     */
    void (*rank)(const tocsin_ask*, int32_t handle, int32_t session, int64_t prev_close, int64_t price,
                 tocsin_rank*);
    int64_t (*add)(const tocsin_ask*, int64_t t, tocsin_value duration); /* by the symbol's calendar */
    int64_t (*trading_between)(const tocsin_ask*, int64_t from, int64_t to);
    /* Evaluate: an outcome (another subject, another match) before the one that is returned; it comes before
     * it, and its values are of the state as it stands now. */
    void (*emit)(tocsin_ask*, const tocsin_outcome*);
    /* Report: n absent values that live until the report has been read, for lists and objects. */
    tocsin_value* (*scratch)(const tocsin_ask*, uint32_t n);
    /* During plan only. A handle, or -1 with an error already reported (at `path`). */
    /* The highest (TOCSIN_UP) or lowest (TOCSIN_DOWN) price of the last `length` of trading time. A window
     * ends with the phase that it began in, unless it spans breaks. */
    int32_t (*need_window)(tocsin_ask*, tocsin_value length, uint32_t side, uint32_t span_breaks,
                           tocsin_str path);
    /* Another symbol: its series, and of `inputs` (PRICE, CLOSE, SESSION, STATUS, REFERENCE) each wakes the
     * rule, with the cause TOCSIN_IN_OTHER. */
    int32_t (*need_symbol)(tocsin_ask*, tocsin_str symbol, uint32_t inputs, tocsin_str path);
    /* Any time; pure. */
    void (*window)(const tocsin_ask*, int32_t handle, tocsin_window*);
    const tocsin_series* (*other)(const tocsin_ask*, int32_t handle);
    /* The last n closed sessions (0: all) before `session`, ascending, of the rule's own symbol (handle -1)
     * or another. Returns how many; they stay where they are until evaluate or report returns. A session
     * comes among them once all rules have judged its close. */
    uint32_t (*sessions)(const tocsin_ask*, int32_t handle, int32_t session, uint32_t n,
                         const tocsin_session** first);
    /* The first open strictly after t by the symbol's calendar; TOCSIN_NEVER: none is known. */
    int64_t (*next_open)(const tocsin_ask*, int64_t t);
    /* A rule asked for with need_rule, for `symbol` (empty: for this instance's). -1: it has no such one. */
    int32_t (*member)(const tocsin_ask*, int32_t handle, tocsin_str symbol, tocsin_member*);
    /* The session n before that one: by the calendar, before its span by the data. TOCSIN_NO_SESSION: none.
     */
    int32_t (*session_back)(const tocsin_ask*, int32_t session, uint32_t n);
} tocsin_host;

enum { TOCSIN_SYMBOLS_NONE = 0, TOCSIN_SYMBOLS_REQUIRED = 1, TOCSIN_SYMBOLS_OPTIONAL = 2 };

typedef struct tocsin_plan { /* what plan answers; comes zeroed but for size */
    uint32_t size;
    uint32_t inputs;    /* TOCSIN_IN_… that wake it */
    uint32_t condition; /* 1: fires and resolves; 0: an event */
    uint32_t bar_side;  /* with TOCSIN_IN_BAR: TOCSIN_DOWN open, low, close; UP open, high, close; ANY both */
    uint64_t state_size;
    uint32_t
        needs_symbol_time; /* 1: it counts sessions or trading time, so a rule without symbols is an error */
    uint32_t n_levels;
    uint8_t
        severity[TOCSIN_MAX_LEVELS]; /* of level 1, 2 …: 0 the rule's own, 1 info, 2 warning, 3 critical */
    uint32_t momentary; /* 1: its episodes end at the instant at which they begin, so `for` is an error */
} tocsin_plan;

typedef struct tocsin_rule {
    uint32_t size, symbols; /* TOCSIN_SYMBOLS_… */
    tocsin_str name, doc;
    uint32_t state_version;
    uint32_t n_params, param_stride, n_values, value_stride, n_summaries;
    const tocsin_param* params;
    const tocsin_reported* values;
    const tocsin_str* summaries; /* default summaries; the first is the usual one */
    uint64_t config_size;
    /* plan: check what the declaration cannot, ask for readings, fill *plan and the config block (zeroed;
     * shared by the rule's instances; flat, but may point into the parameters). 0, or -1 with errors
     * reported. Called once a rule. */
    int32_t (*plan)(tocsin_ask*, const tocsin_value* params, uint32_t n, void* config, tocsin_plan* plan);
    void (*start)(const void* config, void* state); /* state comes zeroed */
    void (*evaluate)(tocsin_ask*, const void* config, void* state, const tocsin_eval*, tocsin_outcome*);
    /* The values of this rule as it stands, the comparisons for `distance`. Changes nothing. */
    void (*report)(const tocsin_ask*, const void* config, const void* state, const tocsin_eval*,
                   tocsin_report*);
} tocsin_rule;

typedef struct tocsin_plugin {
    uint32_t size, abi_major, abi_minor, n_rules;
    tocsin_str name, version;
    const tocsin_rule* const* rules;
} tocsin_plugin;

/* The one exported symbol. The host's table stays valid for ever; a plugin is never unloaded. NULL: cannot
 * serve this host. */
#ifdef __cplusplus
#define TOCSIN_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define TOCSIN_EXPORT __attribute__((visibility("default")))
#endif
TOCSIN_EXPORT const tocsin_plugin* tocsin_plugin_1(const tocsin_host* host);
#endif
