// SPDX-License-Identifier: Apache-2.0
// The C++20 face of plugin.h, header-only: a rule type is a struct with Params, State and three functions,
// and TOCSIN_PLUGIN exports it. docs/writing-a-rule.md walks through one.
//
//   struct MyRule {
//       struct Params { Price level; };              // trivially copyable
//       struct State { std::int64_t seen; };         // trivially copyable, no pointers
//       static constexpr std::string_view name = "my_rule", doc = "…";
//       static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
//       static constexpr std::array params{param<&Params::level>("level", "what it is")};
//       static constexpr std::array values{value("price", TOCSIN_T_DECIMAL, "what it is")};
//       static constexpr std::array summaries{std::string_view{"{symbol} is at {price}"}};
//       static bool plan(Planner& planner, Params& given);   // false: an error was reported
//       static Outcome evaluate(const Params& given, State& state, const Input& now);
//       static void report(const Params& given, const State& state, const Input& now, Report& report);
//   };
//   TOCSIN_PLUGIN("my_rule", "1.0", MyRule)
//
// Units are those of plugin.h. Nothing here throws, and every function that the host calls is noexcept.
#pragma once
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <tocsin/plugin.h>
#include <tocsin/price.hpp>
#include <tocsin/time.hpp>
#include <type_traits>

namespace tocsin {

/// A number of points, or a percentage where the text ends in `%`; 1e-9 either way.
struct Amount {
    std::int64_t nanos = 0;
    bool percent = false;
    /// "Strictly more than this above (below) base" is x > above(base) (x < below(base)), exactly.
    constexpr std::int64_t above(std::int64_t base) const {
        return percent ? fell_to(base, -nanos) : clamp_to_64(Wide{base} + nanos);
    }
    constexpr std::int64_t below(std::int64_t base) const {
        return percent ? rose_to(base, -nanos) : clamp_to_64(Wide{base} - nanos);
    }
    /// Whether a move of so many points from `base` is at least this, exactly.
    constexpr bool reached_by(std::int64_t points, std::int64_t base) const {
        return percent ? Wide{points} * hundred_percent >= Wide{nanos} * base : points >= nanos;
    }
};

/// The price at which a move from `base` has come to `size`, in points or percent (1e-9 either way).
constexpr std::int64_t moved_to(std::int64_t base, std::int64_t size, bool percent, bool falls) {
    if (percent) return falls ? fell_to(base, size) : rose_to(base, size);
    return clamp_to_64(falls ? Wide{base} - size : Wide{base} + size);
}

/// Makes a length of time one of trading time: `5m` and `5 trading_minutes` are the same where only that
/// counts. False: it is in sessions, or nothing.
constexpr bool as_trading(Duration& duration) {
    const bool timed = duration.unit != DurationUnit::sessions && duration.count > 0;
    if (timed) duration.unit = DurationUnit::trading;
    return timed;
}

/// The N of a word such as `x_median:N` or `calendar:Nw`, from 1 to `most`; 0: the text is no such word.
constexpr std::int64_t number_in(std::string_view text, std::string_view before, std::string_view after,
                                 std::int64_t most) {
    if (text.size() <= before.size() + after.size() || text.substr(0, before.size()) != before ||
        text.substr(text.size() - after.size()) != after)
        return 0;
    std::int64_t n = 0;
    for (const char c : text.substr(before.size(), text.size() - before.size() - after.size())) {
        if (c < '0' || c > '9') return 0;
        n = n * 10 + (c - '0');
        if (n > most) return 0;
    }
    return n;
}

/// all_time, last:N, since:DATE.
struct Scope {
    tocsin_scope_kind kind = TOCSIN_SCOPE_ALL;
    std::int64_t value = 0;
};

/// Words that several rule types share. Declare only the choices that the type takes, in this order.
enum class Direction : std::uint8_t { down, up, any }; // the numbers of TOCSIN_DOWN …
enum class Basis : std::uint8_t { live, close };
enum class Severity : std::uint8_t { info, warning, critical };

/// A list parameter of at most N items.
template <class T, std::uint32_t N> struct FixedList {
    static constexpr std::uint32_t capacity = N;
    T items[N]{};
    std::uint32_t n = 0;
    constexpr const T* begin() const { return items; }
    constexpr const T* end() const { return items + n; }
    constexpr const T& operator[](std::uint32_t i) const { return items[i]; }
    constexpr std::uint32_t size() const { return n; }
    constexpr bool empty() const { return n == 0; }
};

/// A text of at most N bytes, for a state; what is longer is cut, between characters.
template <std::uint32_t N> struct FixedText {
    std::uint32_t size = 0;
    char text[N]{};
    constexpr FixedText() = default;
    constexpr explicit FixedText(std::string_view all) { append(all); }
    constexpr void append(std::string_view more) {
        std::uint32_t n = static_cast<std::uint32_t>(more.size() < N - size ? more.size() : N - size);
        while (n > 0 && n < more.size() && (more[n] & 0xC0) == 0x80) --n;
        for (std::uint32_t i = 0; i < n; ++i) text[size++] = more[i];
    }
    constexpr std::string_view view() const { return {text, size}; }
};

constexpr tocsin_str str(std::string_view text) {
    return {text.data(), static_cast<std::uint32_t>(text.size())};
}
constexpr std::string_view view(tocsin_str text) {
    return {text.p, text.n};
}

/// What a parameter may say besides its name and doc, as YAML text. Neither default nor optional: it is
/// required.
struct Given {
    std::string_view dflt{}, min{}, max{}, choices{};
};

template <class P> struct Param {
    tocsin_param declared;
    void (*set)(P&, const tocsin_value&);
};

namespace detail {

template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
template <class T> struct IsList : std::false_type {};
template <class T, std::uint32_t N> struct IsList<FixedList<T, N>> : std::true_type {};

template <class T> constexpr tocsin_type type_of() {
    if constexpr (std::is_same_v<T, bool>)
        return TOCSIN_T_BOOL;
    else if constexpr (std::is_same_v<T, Price>)
        return TOCSIN_T_DECIMAL;
    else if constexpr (std::is_same_v<T, Amount>)
        return TOCSIN_T_AMOUNT;
    else if constexpr (std::is_same_v<T, Duration>)
        return TOCSIN_T_DURATION;
    else if constexpr (std::is_same_v<T, Time>)
        return TOCSIN_T_TIME;
    else if constexpr (std::is_same_v<T, SessionDate>)
        return TOCSIN_T_SESSION;
    else if constexpr (std::is_same_v<T, std::string_view>)
        return TOCSIN_T_STRING;
    else if constexpr (std::is_same_v<T, Scope>)
        return TOCSIN_T_SCOPE;
    else if constexpr (std::is_enum_v<T>)
        return TOCSIN_T_ENUM;
    else {
        static_assert(std::is_same_v<T, std::int64_t>, "a parameter of this type cannot be declared");
        return TOCSIN_T_INT;
    }
}

template <class T> constexpr T read(const tocsin_value& v) {
    if constexpr (std::is_same_v<T, bool>)
        return v.u.i != 0;
    else if constexpr (std::is_same_v<T, Price>)
        return Price::from_nanos(v.u.i);
    else if constexpr (std::is_same_v<T, Amount>)
        return Amount{v.u.i, (v.flags & TOCSIN_V_PERCENT) != 0};
    else if constexpr (std::is_same_v<T, Duration>)
        return Duration{v.u.dur.count, static_cast<DurationUnit>(v.u.dur.unit)};
    else if constexpr (std::is_same_v<T, Time>)
        return Time::from_nanos(v.u.i);
    else if constexpr (std::is_same_v<T, SessionDate>)
        return SessionDate::from_days(static_cast<std::int32_t>(v.u.i));
    else if constexpr (std::is_same_v<T, std::string_view>)
        return view(v.u.s);
    else if constexpr (std::is_same_v<T, Scope>)
        return Scope{static_cast<tocsin_scope_kind>(v.u.scope.kind), v.u.scope.value};
    else
        return static_cast<T>(v.u.i);
}

inline const tocsin_value& item(const tocsin_value& list, std::uint32_t i) {
    const char* first = reinterpret_cast<const char*>(list.u.list.at);
    return *reinterpret_cast<const tocsin_value*>(first + std::size_t{i} * list.u.list.stride);
}

template <class P, std::size_t N>
void set_fields(P& object, const tocsin_value& value, const std::array<Param<P>, N>& fields) {
    for (std::uint32_t i = 0; i < N && i < value.u.list.n; ++i) fields[i].set(object, item(value, i));
}

template <class P, std::size_t N>
constexpr std::array<tocsin_param, N> declared(const std::array<Param<P>, N>& params) {
    std::array<tocsin_param, N> all{};
    for (std::size_t i = 0; i < N; ++i) all[i] = params[i].declared;
    return all;
}

template <const auto& Fields> struct Declared { static constexpr auto all = declared(Fields); };

template <auto Member> struct member;
template <class P, class T, T P::*Member> struct member<Member> {
    using Object = P;
    using Type = T;
};

constexpr tocsin_param declare(std::string_view name, std::string_view doc, Given given, tocsin_type type,
                               std::uint32_t flags, std::uint32_t max_items) {
    return {str(name),
            str(doc),
            str(given.dflt),
            str(given.min),
            str(given.max),
            str(given.choices),
            static_cast<std::uint32_t>(type),
            flags,
            max_items,
            0,
            sizeof(tocsin_param),
            nullptr};
}

} // namespace detail

/// A parameter that is one value, an optional one (std::optional), or a FixedList of plain values.
template <auto Member> constexpr auto param(std::string_view name, std::string_view doc, Given given = {}) {
    using P = typename detail::member<Member>::Object;
    using T = typename detail::member<Member>::Type;
    if constexpr (detail::IsOptional<T>::value) {
        using V = typename T::value_type;
        return Param<P>{detail::declare(name, doc, given, detail::type_of<V>(), TOCSIN_P_OPTIONAL, 0),
                        [](P& object, const tocsin_value& v) {
                            if (v.type != 0) object.*Member = detail::read<V>(v);
                        }};
    } else if constexpr (detail::IsList<T>::value) {
        using V = std::remove_cv_t<std::remove_reference_t<decltype(T{}.items[0])>>;
        return Param<P>{detail::declare(name, doc, given, detail::type_of<V>(),
                                        TOCSIN_P_LIST | TOCSIN_P_OPTIONAL, T::capacity),
                        [](P& object, const tocsin_value& v) {
                            T& list = object.*Member;
                            for (list.n = 0; v.type != 0 && list.n < v.u.list.n && list.n < T::capacity;
                                 ++list.n)
                                list.items[list.n] = detail::read<V>(detail::item(v, list.n));
                        }};
    } else {
        return Param<P>{detail::declare(name, doc, given, detail::type_of<T>(), 0, 0),
                        [](P& object, const tocsin_value& v) {
                            if (v.type != 0) object.*Member = detail::read<T>(v);
                        }};
    }
}

/// A parameter that is an object with the given fields, an optional one (std::optional), or a FixedList of
/// such. A list or an optional object may be absent; an object that is neither is filled from its fields'
/// defaults.
template <auto Member, const auto& Fields>
constexpr auto object(std::string_view name, std::string_view doc) {
    using P = typename detail::member<Member>::Object;
    using T = typename detail::member<Member>::Type;
    constexpr bool list = detail::IsList<T>::value, optional = detail::IsOptional<T>::value;
    tocsin_param declared = detail::declare(name, doc, {}, TOCSIN_T_OBJECT,
                                            (list ? std::uint32_t{TOCSIN_P_LIST} : 0u) |
                                                (list || optional ? std::uint32_t{TOCSIN_P_OPTIONAL} : 0u),
                                            0);
    if constexpr (list) declared.max_items = T::capacity;
    declared.fields = detail::Declared<Fields>::all.data();
    declared.n_fields = static_cast<std::uint32_t>(Fields.size());
    return Param<P>{declared, [](P& owner, const tocsin_value& v) {
                        if (v.type == 0) return;
                        if constexpr (list) {
                            T& items = owner.*Member;
                            for (items.n = 0; items.n < v.u.list.n && items.n < T::capacity; ++items.n)
                                detail::set_fields(items.items[items.n], detail::item(v, items.n), Fields);
                        } else if constexpr (optional) {
                            (owner.*Member).emplace();
                            detail::set_fields(*(owner.*Member), v, Fields);
                        } else {
                            detail::set_fields(owner.*Member, v, Fields);
                        }
                    }};
}

/// A name that the definition of the rule knows and this version does not: an error that says so.
template <class P> constexpr Param<P> not_yet(std::string_view name) {
    return {detail::declare(name, "not in this version", {}, TOCSIN_T_STRING, TOCSIN_P_NOT_YET, 0),
            [](P&, const tocsin_value&) {}};
}

/// The parameters of a rule on prices: those given, and the names that the definitions of all of them will
/// have.
template <class P, class... Rest> constexpr auto price_params(Param<P> first, Rest... rest) {
    return std::array{first,
                      rest...,
                      not_yet<P>("confirm"),
                      not_yet<P>("min_quality"),
                      not_yet<P>("open_settle"),
                      not_yet<P>("stage")};
}

/// A level of a condition: of the parameter `levels`, in ascending order.
struct Level {
    Price at;
    std::optional<Severity> severity;
};
using Levels = FixedList<Level, TOCSIN_MAX_LEVELS>;
inline constexpr std::array level_fields{param<&Level::at>("at", "the level; reached is enough"),
                                         param<&Level::severity>("severity",
                                                                 "of this level, in place of the rule's",
                                                                 {.choices = "info|warning|critical"})};

/// A parameter that stays as the host read it (for seeds, handed on to Planner::moves).
template <auto Member, const auto& Fields>
constexpr auto raw_list(std::string_view name, std::string_view doc, std::uint32_t max_items) {
    using P = typename detail::member<Member>::Object;
    tocsin_param declared =
        detail::declare(name, doc, {}, TOCSIN_T_OBJECT, TOCSIN_P_LIST | TOCSIN_P_OPTIONAL, max_items);
    declared.fields = detail::Declared<Fields>::all.data();
    declared.n_fields = static_cast<std::uint32_t>(Fields.size());
    return Param<P>{declared, [](P& owner, const tocsin_value& v) { owner.*Member = v; }};
}

constexpr tocsin_reported value(std::string_view name, tocsin_type type, std::string_view doc) {
    return {str(name), str(doc), static_cast<std::uint32_t>(type), 0, 0, sizeof(tocsin_reported), nullptr};
}

template <std::size_t N>
constexpr tocsin_reported list_value(std::string_view name, std::string_view doc,
                                     const std::array<tocsin_reported, N>& fields) {
    return {str(name), str(doc), TOCSIN_T_OBJECT, TOCSIN_P_LIST, N, sizeof(tocsin_reported), fields.data()};
}

constexpr tocsin_reported list_value(std::string_view name, tocsin_type type, std::string_view doc) {
    return {str(name), str(doc), static_cast<std::uint32_t>(type), TOCSIN_P_LIST, 0, sizeof(tocsin_reported),
            nullptr};
}

inline const tocsin_host* host = nullptr; // set once, when the plugin is loaded

/// What evaluate answers. Starts as "nothing, and silent for ever": add the bounds that end the silence.
struct Outcome : tocsin_outcome {
    constexpr Outcome()
        : tocsin_outcome{sizeof(tocsin_outcome),
                         TOCSIN_QUIET,
                         0,
                         TOCSIN_WHY_NONE,
                         TOCSIN_NONE,
                         TOCSIN_NEVER,
                         TOCSIN_NEVER,
                         0,
                         0,
                         0,
                         0,
                         {nullptr, 0}} {}
    static constexpr Outcome quiet() { return {}; }
    static constexpr Outcome happened() { return Outcome{}.as(TOCSIN_HAPPENED); }
    static constexpr Outcome on(std::int32_t held_level = 1) {
        Outcome it = Outcome{}.as(TOCSIN_ON);
        it.level = held_level;
        return it;
    }
    static constexpr Outcome off(std::uint32_t why = TOCSIN_WHY_NONE) {
        return Outcome{}.as(TOCSIN_OFF, why);
    }
    static constexpr Outcome held(std::uint32_t why) { return Outcome{}.as(TOCSIN_HELD, why); }
    static constexpr Outcome warmup(std::uint32_t why, std::uint32_t has, std::uint32_t needs) {
        Outcome it = Outcome{}.as(TOCSIN_WARMUP, why);
        it.have = has, it.need = needs;
        return it;
    }
    /// Silent while above < price (TOCSIN_NONE: however low).
    constexpr Outcome& wake_at_or_below(std::int64_t price) { return low = price, *this; }
    /// Silent while price < bound (TOCSIN_NEVER: however high).
    constexpr Outcome& wake_at_or_above(std::int64_t price) { return high = price, *this; }
    constexpr Outcome& wake_at(std::int64_t time) { return until = time, *this; }
    constexpr Outcome& wake_on_every_price() { return wake_always = 1, *this; }
    constexpr Outcome& about(std::string_view what) { return subject = str(what), *this; }

private:
    constexpr Outcome as(std::uint32_t which, std::uint32_t why = TOCSIN_WHY_NONE) const {
        Outcome it = *this;
        it.outcome = which, it.reason = why;
        return it;
    }
};

inline tocsin_value to_value(Duration duration) {
    tocsin_value v{};
    v.type = TOCSIN_T_DURATION, v.u.dur.count = duration.count,
    v.u.dur.unit = static_cast<std::uint32_t>(duration.unit);
    return v;
}

inline tocsin_value to_value(Scope scope) {
    tocsin_value v{};
    v.type = TOCSIN_T_SCOPE, v.u.scope.value = scope.value,
    v.u.scope.kind = static_cast<std::uint32_t>(scope.kind);
    return v;
}

/// Where a list's item or an object's field has a mistake: `levels[1].at`, `expect.rule`. Longer ones are
/// cut.
class Path {
public:
    Path(std::string_view list, std::uint32_t index, std::string_view field = {}) {
        add(list), add("[");
        char digits[10];
        std::size_t first = sizeof digits;
        do digits[--first] = static_cast<char>('0' + index % 10);
        while ((index /= 10) != 0);
        add({digits + first, sizeof digits - first}), add("]");
        if (!field.empty()) add("."), add(field);
    }
    Path(std::string_view object, std::string_view field) { add(object), add("."), add(field); }
    operator std::string_view() const { return {text_, size_}; }

private:
    void add(std::string_view part) {
        for (const char c : part)
            if (size_ < sizeof text_) text_[size_++] = c;
    }
    char text_[96];
    std::size_t size_ = 0;
};

/// What plan asks of the host and answers to it.
class Planner {
public:
    Planner(tocsin_ask* ask, tocsin_plan& plan) : ask_{ask}, plan_{plan} {}
    void wake_on(std::uint32_t inputs) { plan_.inputs |= inputs; }
    void condition() { plan_.condition = 1; }
    /// Its episodes end at the instant at which they begin.
    void momentary() { plan_.momentary = 1; }
    /// Wakes on the values of a basis: official closes, or prices and the bars that stand for them.
    void follow(Basis basis, Direction direction) {
        if (basis == Basis::close) return wake_on(TOCSIN_IN_CLOSE);
        wake_on(TOCSIN_IN_PRICE);
        bars(static_cast<std::uint32_t>(direction));
    }
    void bars(std::uint32_t side) { plan_.inputs |= TOCSIN_IN_BAR, plan_.bar_side = side; }
    void needs_calendar() { plan_.needs_symbol_time = 1; }
    /// Declares the levels of a condition. False: they are none, not positive or do not ascend.
    bool levels(const Levels& levels) {
        if (levels.empty()) return error("levels", "needs at least one level, like {at: 3}");
        for (std::uint32_t i = 0; i < levels.size(); ++i) {
            if (levels[i].at <= (i == 0 ? Price{} : levels[i - 1].at))
                return error(Path{"levels", i, "at"},
                             i == 0 ? "must be above 0"
                                    : "levels must ascend: this one is not above the one before");
            const std::optional<Severity> severity = levels[i].severity;
            plan_.severity[plan_.n_levels++] =
                static_cast<std::uint8_t>(severity ? 1 + static_cast<unsigned>(*severity) : 0);
        }
        return true;
    }
    std::int32_t moves(std::uint32_t direction, std::uint32_t measure, Scope scope, std::uint32_t k,
                       const tocsin_value& seeds) {
        return host->need_moves(ask_, direction, measure, to_value(scope), k,
                                seeds.type != 0 ? &seeds : nullptr);
    }
    /// A rule whose alerts wake this one. A handle; below 0: an error was reported at `path`.
    std::int32_t rule(std::string_view name, std::string_view path) {
        return host->need_rule(ask_, str(name), str(path));
    }
    /// A symbol that is not the rule's own, and which of its inputs wake it (TOCSIN_IN_OTHER). Below 0: an
    /// error was reported at `path`.
    std::int32_t symbol(std::string_view name, std::uint32_t inputs, std::string_view path) {
        return host->need_symbol(ask_, str(name), inputs, str(path));
    }
    /// The highest (up) or lowest (down) price of the last `length` of trading time. Below 0 as above.
    std::int32_t window(Duration length, Direction side, bool span_breaks, std::string_view path) {
        return host->need_window(ask_, to_value(length), static_cast<std::uint32_t>(side),
                                 span_breaks ? 1 : 0, str(path));
    }
    /// Reports a mistake at a parameter (`levels[1].at`); returns false, for `return planner.error(…)`.
    bool error(std::string_view path, std::string_view text) {
        host->error(ask_, str(path), str(text));
        return false;
    }

private:
    tocsin_ask* ask_;
    tocsin_plan& plan_;
};

/// The closes that are known, counted back from the newest: the history, and the session's own official one,
/// also where it has not become part of that yet, or a last tick stands there in its place.
class Closes {
public:
    Closes(std::span<const tocsin_session> earlier, const tocsin_series& series) : earlier_{earlier} {
        if (series.close == TOCSIN_NONE) return;
        const std::int32_t newest = earlier.empty() ? TOCSIN_NO_SESSION : earlier.back().session;
        if (newest == series.session) earlier_ = earlier.first(earlier.size() - 1);
        if (newest <= series.session)
            present_ = tocsin_session{series.session, 0,          series.prev_close, series.open,
                                      series.high,    series.low, series.close,      0};
    }
    std::size_t size() const { return earlier_.size() + (present_ ? 1 : 0); }
    bool empty() const { return size() == 0; }
    const tocsin_session& operator[](std::size_t back) const {
        if (present_) {
            if (back == 0) return *present_;
            --back;
        }
        return earlier_[earlier_.size() - 1 - back];
    }

private:
    std::span<const tocsin_session> earlier_;
    std::optional<tocsin_session> present_;
};

/// What woke the rule, and the readings that it may ask for.
class Input {
public:
    Input(const tocsin_ask* ask, const tocsin_eval& eval) : ask_{ask}, eval_{eval} {}
    std::uint32_t cause() const { return eval_.cause; }
    std::int64_t now() const { return eval_.now; }
    std::int32_t level() const { return eval_.level; } // active, 0: none
    std::string_view symbol() const { return view(eval_.symbol); }
    const tocsin_series& series() const { return *eval_.series; } // Requires: the rule has symbols
    bool has_series() const { return eval_.series != nullptr; }
    const tocsin_tariff* tariff() const { return eval_.tariff; }
    const tocsin_alert_in* alert() const { return eval_.alert; }
    /// The last accepted price if the session of the series has had one; TOCSIN_NONE before its first.
    std::int64_t session_price() const {
        const tocsin_series& s = series();
        return s.session != TOCSIN_NO_SESSION && s.at != TOCSIN_NONE && s.at >= s.opens_at ? s.price
                                                                                           : TOCSIN_NONE;
    }
    /// A status halts or closes the running session, and what woke the rule is no official close. On prices,
    /// bars and times the host holds a rule on prices itself.
    bool halted() const {
        const tocsin_series& s = series();
        return eval_.cause != TOCSIN_IN_CLOSE && s.running != 0 &&
               (s.phase == TOCSIN_PHASE_HALTED || s.phase == TOCSIN_PHASE_CLOSED);
    }
    tocsin_rank rank(std::int32_t handle, std::int32_t session, std::int64_t prev_close,
                     std::int64_t price) const {
        tocsin_rank rank{};
        rank.size = sizeof rank;
        host->rank(ask_, handle, session, prev_close, price, &rank);
        return rank;
    }
    /// The last n (0: all) closed sessions before `session`, ascending, of the rule's symbol or of another.
    std::span<const tocsin_session> sessions(std::int32_t session, std::uint32_t n,
                                             std::int32_t handle = -1) const {
        const tocsin_session* first = nullptr;
        const std::uint32_t found = host->sessions(ask_, handle, session, n, &first);
        return {first, found};
    }
    Closes closes() const { return {sessions(INT32_MAX, 0), series()}; }
    std::int32_t session_back(std::int32_t session, std::uint32_t n) const {
        return host->session_back(ask_, session, n);
    }
    tocsin_window window(std::int32_t handle) const {
        tocsin_window window{};
        window.size = sizeof window;
        host->window(ask_, handle, &window);
        return window;
    }
    const tocsin_series& other(std::int32_t handle) const { return *host->other(ask_, handle); }
    /// Another rule as it stands for `symbol` (empty: for this one). Nothing: it has no such instance.
    std::optional<tocsin_member> member(std::int32_t handle, std::string_view symbol = {}) const {
        tocsin_member member{};
        member.size = sizeof member;
        if (host->member(ask_, handle, str(symbol), &member) != 0) return {};
        return member;
    }
    std::int64_t next_open(std::int64_t t) const { return host->next_open(ask_, t); }
    std::int64_t add(std::int64_t t, Duration duration) const {
        return host->add(ask_, t, to_value(duration));
    }
    std::int64_t trading_between(std::int64_t from, std::int64_t to) const {
        return host->trading_between(ask_, from, to);
    }
    /// Evaluate only: an outcome that comes before the one that is returned, with the state as it stands now.
    void emit(const Outcome& outcome) const { host->emit(const_cast<tocsin_ask*>(ask_), &outcome); }
    const tocsin_ask* ask() const { return ask_; }

private:
    const tocsin_ask* ask_;
    const tocsin_eval& eval_;
};

/// The last two values of a basis, for rules on levels; part of a rule's state. `before` was not on the
/// level. A rule that sleeps while the price stays on one side of `level` misses prices; the series knows the
/// last of them.
struct LastTwo {
    std::int64_t value = TOCSIN_NONE, before = TOCSIN_NONE;
    std::int32_t session = TOCSIN_NO_SESSION, session_before = TOCSIN_NO_SESSION;

    /// Takes in what woke the rule. False: there is no value yet.
    bool take(const Input& now, Basis basis, std::int64_t level) {
        const tocsin_series& s = now.series();
        const bool live = basis == Basis::live;
        const bool fresh = now.cause() == TOCSIN_IN_CLOSE ||
                           (live && (now.cause() == TOCSIN_IN_PRICE || now.cause() == TOCSIN_IN_BAR));
        const auto above = [&](std::int64_t price) { return price > level; };
        // Slept through, it was on the side of the value known. On the other, it came in a halt, unseen.
        if (live && value != TOCSIN_NONE && s.previous != TOCSIN_NONE && s.previous != level &&
            (fresh || value != level) && above(s.previous) == above(value))
            before = s.previous, session_before = s.previous_session;
        else if (value != level && (fresh || (live && above(s.price) != above(value))))
            before = value, session_before = session;
        if (live || fresh) value = live ? s.price : s.close;
        if (fresh || (live && s.at >= s.opens_at)) session = s.session;
        return value != TOCSIN_NONE;
    }
};

/// Fills the declared values by name. What is not set is absent.
class Report {
public:
    Report(const tocsin_ask* ask, const tocsin_reported* declared, std::uint32_t n, tocsin_report& report)
        : ask_{ask}, declared_{declared}, n_{n}, report_{report} {}

    void decimal(std::string_view name, std::int64_t nanos) { // TOCSIN_NONE: absent
        if (nanos != TOCSIN_NONE) put(name, TOCSIN_T_DECIMAL).u.i = nanos;
    }
    /// A percentage numerator/denominator, rounded when printed. Requires: denominator > 0.
    void percent(std::string_view name, std::int64_t numerator, std::int64_t denominator) {
        tocsin_value& v = put(name, TOCSIN_T_PERCENT);
        v.u.ratio.num = numerator, v.u.ratio.den = denominator;
    }
    void integer(std::string_view name, std::int64_t i) { put(name, TOCSIN_T_INT).u.i = i; }
    void flag(std::string_view name, bool b) { put(name, TOCSIN_T_BOOL).u.i = b ? 1 : 0; }
    void text(std::string_view name,
              std::string_view t) { // empty: absent. Must live in config, state or input
        if (!t.empty()) put(name, TOCSIN_T_STRING).u.s = str(t);
    }
    void session(std::string_view name, std::int32_t days) {
        if (days != TOCSIN_NO_SESSION) put(name, TOCSIN_T_SESSION).u.i = days;
    }
    void time(std::string_view name, std::int64_t nanos) {
        if (nanos != TOCSIN_NONE) put(name, TOCSIN_T_TIME).u.i = nanos;
    }
    void texts(std::string_view name, const tocsin_str* texts, std::uint32_t n) {
        tocsin_value* items = list(name, n);
        for (std::uint32_t i = 0; i < n; ++i) items[i].type = TOCSIN_T_STRING, items[i].u.s = texts[i];
    }
    void seconds(std::string_view name, std::int64_t nanos) { // a length of time, printed in seconds
        put(name, TOCSIN_T_DECIMAL).u.i = nanos;
    }
    /// A list of n items; fill them through the pointer. Nothing is set if n is 0.
    tocsin_value* list(std::string_view name, std::uint32_t n) {
        if (n == 0) return nullptr;
        tocsin_value& v = put(name, TOCSIN_T_LIST);
        return fill(v, n);
    }
    /// Makes `item` an object of n fields, in the declared order.
    tocsin_value* object(tocsin_value& item, std::uint32_t n) {
        item.type = TOCSIN_T_OBJECT;
        return fill(item, n);
    }
    /// The levels passed over in one step from the active one to the one entered, ascending.
    void skipped(const Levels& levels, std::int32_t active, std::int32_t entered) {
        const std::int32_t n = entered - active - 1;
        if (n <= 0) return;
        tocsin_value* items = list("skipped", static_cast<std::uint32_t>(n));
        for (std::int32_t i = 0; i < n; ++i)
            items[i].type = TOCSIN_T_DECIMAL,
            items[i].u.i = levels[static_cast<std::uint32_t>(active + i)].at.nanos();
    }
    void summary(std::uint32_t which) { report_.summary = which; }
    /// `left op right`, how far it is from holding; for the distance to firing.
    void check(std::string_view what, std::int64_t left, std::uint32_t op, std::int64_t right) {
        if (report_.n_checks == report_.max_checks || left == TOCSIN_NONE || right == TOCSIN_NONE) return;
        const bool less = op == TOCSIN_OP_LT || op == TOCSIN_OP_LE;
        const std::int64_t margin = clamp_to_64(less ? Wide{left} - right : Wide{right} - left);
        const bool pass = op == TOCSIN_OP_LT   ? left < right
                          : op == TOCSIN_OP_LE ? left <= right
                          : op == TOCSIN_OP_GT ? left > right
                                               : left >= right;
        report_.checks[report_.n_checks++] = {str(what),      number(left), number(right),
                                              number(margin), op,           pass ? 1u : 0u};
    }

private:
    static tocsin_value number(std::int64_t nanos) {
        tocsin_value v{};
        v.type = TOCSIN_T_DECIMAL, v.u.i = nanos;
        return v;
    }
    tocsin_value* fill(tocsin_value& v, std::uint32_t n) {
        tocsin_value* items = host->scratch(ask_, n);
        v.u.list.at = items, v.u.list.n = n, v.u.list.stride = sizeof(tocsin_value);
        return items;
    }
    tocsin_value& put(std::string_view name, tocsin_type type) {
        for (std::uint32_t i = 0; i < n_ && i < report_.n_values; ++i)
            if (view(declared_[i].name) == name) {
                report_.values[i].type = type;
                return report_.values[i];
            }
        return nowhere_; // not declared: a bug of the plugin, seen by its test as a value that never comes
    }
    const tocsin_ask* ask_;
    const tocsin_reported* declared_;
    std::uint32_t n_;
    tocsin_report& report_;
    tocsin_value nowhere_{};
};

namespace detail {

template <class R> struct Adapter {
    using P = typename R::Params;
    using S = typename R::State;
    static_assert(std::is_trivially_copyable_v<P> && std::is_trivially_copyable_v<S>,
                  "config and state are flat blocks");
    static_assert(alignof(P) <= 16 && alignof(S) <= 16);

    static constexpr auto declared_params = declared(R::params);
    static constexpr auto declared_summaries = [] {
        std::array<tocsin_str, R::summaries.size()> all{};
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = str(R::summaries[i]);
        return all;
    }();

    static std::int32_t plan(tocsin_ask* ask, const tocsin_value* values, std::uint32_t n, void* config,
                             tocsin_plan* plan) noexcept {
        P& given = *new (config) P{};
        for (std::uint32_t i = 0; i < R::params.size() && i < n; ++i) R::params[i].set(given, values[i]);
        plan->state_size = sizeof(S);
        Planner planner{ask, *plan};
        return R::plan(planner, given) ? 0 : -1;
    }
    static void start(const void*, void* state) noexcept { new (state) S{}; }
    static void evaluate(tocsin_ask* ask, const void* config, void* state, const tocsin_eval* eval,
                         tocsin_outcome* out) noexcept {
        *out = R::evaluate(*static_cast<const P*>(config), *static_cast<S*>(state), Input{ask, *eval});
    }
    static void report(const tocsin_ask* ask, const void* config, const void* state, const tocsin_eval* eval,
                       tocsin_report* out) noexcept {
        Report report{ask, R::values.data(), static_cast<std::uint32_t>(R::values.size()), *out};
        R::report(*static_cast<const P*>(config), *static_cast<const S*>(state), Input{ask, *eval}, report);
    }

    static constexpr tocsin_rule rule{sizeof(tocsin_rule),
                                      R::symbols,
                                      str(R::name),
                                      str(R::doc),
                                      R::state_version,
                                      static_cast<std::uint32_t>(R::params.size()),
                                      sizeof(tocsin_param),
                                      static_cast<std::uint32_t>(R::values.size()),
                                      sizeof(tocsin_reported),
                                      static_cast<std::uint32_t>(R::summaries.size()),
                                      declared_params.data(),
                                      R::values.data(),
                                      declared_summaries.data(),
                                      sizeof(P),
                                      &plan,
                                      &start,
                                      &evaluate,
                                      &report};
};

template <class... R>
const tocsin_plugin* serve(const tocsin_host* given, std::string_view name, std::string_view version) {
    if (given->abi_major != TOCSIN_ABI_MAJOR || given->abi_minor < TOCSIN_ABI_MINOR) return nullptr;
    static constexpr const tocsin_rule* rules[] = {&Adapter<R>::rule...};
    static const tocsin_plugin plugin{sizeof(tocsin_plugin),
                                      TOCSIN_ABI_MAJOR,
                                      TOCSIN_ABI_MINOR,
                                      sizeof...(R),
                                      str(name),
                                      str(version),
                                      rules};
    host = given;
    return &plugin;
}

} // namespace detail
} // namespace tocsin

#define TOCSIN_PLUGIN(name, version, ...)                                                                    \
    TOCSIN_EXPORT const tocsin_plugin* tocsin_plugin_1(const tocsin_host* given) {                           \
        return tocsin::detail::serve<__VA_ARGS__>(given, name, version);                                     \
    }
