// PluginDriver: drives one built plugin through the C interface, with a small host of its own: a calendar of
// its own making, prices, bars and closes as the real host hands them on, wake bounds, and the simplest
// lifecycle. What the rule says is collected in `seen`. A test that needs the real host is no test of a
// plugin: it belongs to tests/rules.
//
// The calendar: a session each weekday from Monday 2025-04-07, session 0; trading 09:00 to 11:30 and 12:30 to
// 15:25, auction to 15:30, Tokyo's time. Times are written {session, "10:30"} or {session, "10:30:15"}.
#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <dlfcn.h>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tocsin/plugin.h>
#include <tocsin/price.hpp>
#include <tocsin/time.hpp>
#include <vector>

class PluginDriver;
struct tocsin_ask {
    PluginDriver* driver;
};

/// A rule's parameters as YAML flow text: `{level: 100, levels: [{at: 3}]}`.
struct Flow {
    std::string text;
    std::vector<std::string> names; // of an object's items
    std::vector<Flow> items;
    static Flow parse(std::string_view text) {
        Flow all = take(text);
        REQUIRE(text.empty());
        return all;
    }

private:
    static void blanks(std::string_view& text) {
        while (!text.empty() && (text[0] == ' ' || text[0] == '\n')) text.remove_prefix(1);
    }
    static std::string word(std::string_view& text, std::string_view ends) {
        std::string it{text.substr(0, text.find_first_of(ends))};
        text.remove_prefix(it.size());
        while (!it.empty() && (it.back() == ' ' || it.back() == '\n')) it.pop_back();
        return it;
    }
    static Flow take(std::string_view& text) {
        Flow it;
        blanks(text);
        const char kind = text.empty() ? '\0' : text[0];
        if (kind != '{' && kind != '[') return it.text = word(text, ",}]"), it;
        const char end = kind == '{' ? '}' : ']';
        text.remove_prefix(1);
        for (blanks(text); text.at(0) != end; blanks(text)) {
            if (kind == '{') {
                it.names.push_back(word(text, ":"));
                text.remove_prefix(1);
            }
            it.items.push_back(take(text));
            blanks(text);
            if (text.at(0) == ',') text.remove_prefix(1);
        }
        text.remove_prefix(1);
        return it;
    }
};

struct At {
    int session;
    std::string clock;
};

struct TariffEvent {
    std::string measure = "us-x", stage = "announced", imposer = "US", target = "JP", scope = "all",
                rate = "24", tier = "official";
    std::uint32_t prior_tier = 0;
    std::vector<std::string> sources = {"wire"};
};

class PluginDriver {
public:
    struct Seen {
        std::int64_t at;
        std::string what; // entered, escalated, deescalated, cleared, session_end, event
        std::int32_t level;
        std::string subject, summary;
        std::map<std::string, std::string> values;
        std::string operator[](const std::string& name) const {
            const auto found = values.find(name);
            return found == values.end() ? "-" : found->second;
        }
        bool operator==(const Seen&) const = default;
    };

    /// `always`: woken by every accepted price, not by its bounds.
    PluginDriver(const std::string& type, const std::string& params, bool always = false) : always_{always} {
        const std::string file = std::string{TOCSIN_BINARY_DIR} + "/plugins/" + type + ".so";
        void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        INFO((library != nullptr ? "" : dlerror()));
        REQUIRE(library != nullptr);
        const auto entry =
            reinterpret_cast<const tocsin_plugin* (*)(const tocsin_host*)>(dlsym(library, "tocsin_plugin_1"));
        REQUIRE(entry != nullptr);
        const tocsin_plugin* plugin = entry(&host());
        REQUIRE(plugin != nullptr);
        REQUIRE(plugin->n_rules == 1);
        rule_ = plugin->rules[0];
        REQUIRE(std::string{rule_->name.p, rule_->name.n} == type);
        const tocsin_value values = object(rule_->params, rule_->n_params, Flow::parse(params), "");
        config_.resize(rule_->config_size / sizeof(Block) + 1);
        if (!problems.empty()) return; // of the declaration; plan is not asked then
        plan_.size = sizeof plan_;
        const std::int32_t good =
            rule_->plan(&ask_, values.u.list.at, values.u.list.n, config_.data(), &plan_);
        REQUIRE((good == 0) == problems.empty());
        state_.resize(plan_.state_size / sizeof(Block) + 1);
        rule_->start(config_.data(), state_.data());
        series_ = nothing();
        bounds_.wake_always = 1;
    }

    std::vector<std::string> problems; // of the parameters: `path: text`
    std::vector<Seen> seen;
    std::vector<std::string> rules = {"a", "b", "c"}; // that need_rule knows
    bool exact = true;                                // what the ranking answers
    tocsin_outcome last{};                            // the last answer
    const tocsin_plan& plan() const { return plan_; }

    /// Puts in a session's move before session 0: `back` sessions ago.
    void history(int back, const char* prev_close, const char* close) {
        moves_.push_back({day(0) - 2 * back, nanos(prev_close), nanos(close)});
    }
    void previous_close(const char* price) { close_ = last_close_ = nanos(price); }

    void tick(At when, const char* price) { tick(time(when), nanos(price)); }
    void tick(std::int64_t t, std::int64_t price) {
        advance(t);
        ++series_.ticks;
        step(t, price, TOCSIN_IN_PRICE);
    }
    /// The official close of the running session, or of the one that has ended.
    void close(At when, const char* price) {
        advance(time(when));
        official(time(when), nanos(price));
    }
    /// At the session's close. An empty price is absent.
    void bar(int session, const char* open, const char* high, const char* low, const char* close) {
        const std::int64_t t = time({session, "15:30"}), last_price = nanos(close);
        advance(t);
        if (series_.ticks == 0 && (plan_.inputs & TOCSIN_IN_BAR) != 0) {
            std::vector<const char*> prices{open};
            const bool rose = *open == '\0' || nanos(close) >= nanos(open);
            if (plan_.bar_side == TOCSIN_DOWN) prices.push_back(low);
            if (plan_.bar_side == TOCSIN_UP) prices.push_back(high);
            if (plan_.bar_side == TOCSIN_ANY)
                prices.insert(prices.end(), {rose ? low : high, rose ? high : low});
            for (const char* price : prices)
                if (*price != '\0') step(t, nanos(price), TOCSIN_IN_BAR);
        }
        official(t, last_price);
    }
    void status(At when, bool halted) {
        advance(time(when));
        halted_ = halted;
        if ((plan_.inputs & TOCSIN_IN_STATUS) != 0) evaluate(TOCSIN_IN_STATUS);
    }
    void alert(At when, const std::string& rule, std::uint32_t state = 2, bool entered = true) {
        alert(time(when), time(when), rule, state, entered);
    }
    void alert(std::int64_t now, std::int64_t at, const std::string& rule, std::uint32_t state = 2,
               bool entered = true) {
        advance(now);
        std::string id(32, '0');
        id.back() = static_cast<char>('0' + ++alerts_ % 10);
        const tocsin_alert_in in{sizeof in, 0,  state, entered ? 1u : 0u, 0, 0,
                                 str(rule), {}, {},    str(id),           at};
        alert_ = &in;
        evaluate(TOCSIN_IN_ALERT);
        alert_ = nullptr;
    }
    void tariff(At when, const TariffEvent& event) { tariff(time(when), time(when), event); }
    void tariff(std::int64_t now, std::int64_t at, const TariffEvent& event) {
        advance(now);
        const std::vector<std::string> stages{"rumoured", "announced", "signed",  "published", "effective",
                                              "paused",   "resumed",   "amended", "expired",   "revoked"},
            tiers{"", "rumour", "media", "official"};
        const auto index = [](const std::vector<std::string>& all, const std::string& name) {
            return static_cast<std::uint32_t>(std::find(all.begin(), all.end(), name) - all.begin());
        };
        std::vector<tocsin_str> sources;
        for (const std::string& source : event.sources) sources.push_back(str(source));
        tocsin_tariff in{};
        in.size = sizeof in, in.stage = index(stages, event.stage), in.tier = index(tiers, event.tier);
        in.prior_tier = event.prior_tier, in.measure = str(event.measure), in.imposer = str(event.imposer);
        in.target = str(event.target), in.scope = str(event.scope), in.stage_name = str(event.stage);
        in.tier_name = str(event.tier),
        in.rate = event.rate.empty() ? TOCSIN_NONE : nanos(event.rate.c_str());
        in.effective = in.expires = TOCSIN_NONE, in.at = at;
        in.n_sources = static_cast<std::uint32_t>(sources.size()), in.sources = sources.data();
        tariff_ = &in;
        if ((plan_.inputs & TOCSIN_IN_TARIFF) != 0) evaluate(TOCSIN_IN_TARIFF);
        tariff_ = nullptr;
    }
    /// The previous close becomes another one while the session runs.
    void reference(const char* price) {
        series_.prev_close = nanos(price);
        if ((plan_.inputs & TOCSIN_IN_REFERENCE) != 0) evaluate(TOCSIN_IN_REFERENCE);
    }
    /// Lets time pass: opens, breaks, ends, timers. An end comes once time is past it.
    void to(At when) { advance(time(when)); }

    /// Lets time pass before the rule is there.
    void begin(At when) {
        started_ = false;
        advance(time(when));
        started_ = true;
    }

    /// What `report` says as it stands, without waking the rule.
    Seen probe() {
        const tocsin_eval eval = evaluation(TOCSIN_IN_PROBE);
        return reported(eval, "probe", level_, {});
    }

    static std::int64_t time(const At& when) {
        const std::string& c = when.clock;
        const std::int64_t seconds = std::stoi(c.substr(0, 2)) * 3600 + std::stoi(c.substr(3, 2)) * 60 +
                                     (c.size() > 5 ? std::stoi(c.substr(6, 2)) : 0) - 9 * 3600;
        return (day(when.session) * std::int64_t{86'400} + seconds) * tocsin::nanos_per_second;
    }
    static std::int64_t nanos(const char* price) {
        const auto parsed = tocsin::Price::parse(price);
        CAPTURE(price);
        REQUIRE(parsed);
        return parsed.value.nanos();
    }
    static std::int32_t day(int session) { // weekdays
        const int week = session >= 0 ? session / 5 : -((4 - session) / 5);
        return tocsin::days_from_civil(2025, 4, 7) + week * 7 + (session - week * 5);
    }

private:
    struct Block {
        alignas(16) unsigned char bytes[16];
    };
    struct Move {
        std::int32_t session;
        std::int64_t prev_close, close;
        bool seed = false;
    };
    struct Moment {
        std::int64_t at;
        std::uint32_t phase;
        bool open, end, grace;
    };

    // ---- parameters

    static tocsin_str str(const std::string& text) {
        return {text.data(), static_cast<std::uint32_t>(text.size())};
    }
    static std::string text(tocsin_str s) { return {s.p, s.n}; }

    tocsin_value list(std::vector<tocsin_value> items, std::uint32_t type) {
        lists_.push_back(std::move(items));
        tocsin_value v{};
        v.type = type, v.u.list.at = lists_.back().data(), v.u.list.stride = sizeof(tocsin_value);
        v.u.list.n = static_cast<std::uint32_t>(lists_.back().size());
        return v;
    }
    tocsin_value object(const tocsin_param* params, std::uint32_t n, const Flow& given,
                        const std::string& path) {
        std::vector<tocsin_value> values;
        for (const std::string& name : given.names)
            if (std::none_of(params, params + n, [&](const tocsin_param& p) { return text(p.name) == name; }))
                problems.push_back(path + name + ": unknown");
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::string name = text(params[i].name);
            const auto at = std::find(given.names.begin(), given.names.end(), name) - given.names.begin();
            const bool absent = at == static_cast<std::ptrdiff_t>(given.names.size());
            values.push_back(
                value(params[i], absent ? nullptr : &given.items[static_cast<std::size_t>(at)], path + name));
        }
        return list(std::move(values), TOCSIN_T_OBJECT);
    }
    tocsin_value value(const tocsin_param& param, const Flow* given, const std::string& path) {
        const bool is_object = param.type == TOCSIN_T_OBJECT,
                   optional = (param.flags & TOCSIN_P_OPTIONAL) != 0;
        if ((param.flags & TOCSIN_P_NOT_YET) != 0) {
            if (given != nullptr) problems.push_back(path + ": not in this version");
            return {};
        }
        if ((param.flags & TOCSIN_P_LIST) != 0) {
            std::vector<tocsin_value> items;
            for (std::size_t i = 0; given != nullptr && i < given->items.size(); ++i)
                items.push_back(one(param, given->items[i], path + "[" + std::to_string(i) + "]"));
            return given == nullptr ? tocsin_value{} : list(std::move(items), TOCSIN_T_LIST);
        }
        if (given != nullptr) return one(param, *given, path);
        if (is_object && !optional) return one(param, Flow{}, path);
        if (param.dflt.n > 0) return one(param, Flow{text(param.dflt), {}, {}}, path);
        if (!optional) problems.push_back(path + ": required");
        return {};
    }
    tocsin_value one(const tocsin_param& param, const Flow& given, const std::string& path) {
        if (param.type == TOCSIN_T_OBJECT) return object(param.fields, param.n_fields, given, path + ".");
        tocsin_value v{};
        v.type = param.type;
        std::string word = given.text;
        switch (param.type) {
        case TOCSIN_T_BOOL:
            v.u.i = word == "true";
            break;
        case TOCSIN_T_INT:
            v.u.i = std::stoll(word);
            break;
        case TOCSIN_T_AMOUNT:
            if (word.back() == '%') v.flags = TOCSIN_V_PERCENT, word.pop_back();
            [[fallthrough]];
        case TOCSIN_T_DECIMAL:
            v.u.i = nanos(word.c_str());
            break;
        case TOCSIN_T_SESSION:
            v.u.i = tocsin::SessionDate::parse(word).value.days();
            break;
        case TOCSIN_T_STRING:
            texts_.push_back(word), v.u.s = str(texts_.back());
            break;
        case TOCSIN_T_DURATION:
            duration(word, v);
            break;
        case TOCSIN_T_SCOPE:
            v.u.scope.kind = word == "all_time" ? TOCSIN_SCOPE_ALL : TOCSIN_SCOPE_LAST;
            if (word != "all_time") v.u.scope.value = std::stoll(word.substr(word.find(':') + 1));
            break;
        case TOCSIN_T_ENUM: {
            const std::string all = "|" + text(param.choices) + "|";
            const auto at = all.find("|" + word + "|");
            if (at == std::string::npos)
                problems.push_back(path + ": must be one of " + text(param.choices));
            else
                v.u.i = std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '|');
            break;
        }
        default:
            FAIL("a type that the driver does not read: " << param.type);
        }
        return v;
    }
    static void duration(const std::string& word, tocsin_value& v) {
        std::size_t end = 0;
        const std::int64_t n = std::stoll(word, &end), second = tocsin::nanos_per_second;
        const std::map<std::string, std::pair<std::int64_t, std::uint32_t>> units{
            {"s", {second, TOCSIN_U_CLOCK}},
            {"m", {60 * second, TOCSIN_U_CLOCK}},
            {"h", {3600 * second, TOCSIN_U_CLOCK}},
            {"d", {86'400 * second, TOCSIN_U_CLOCK}},
            {" trading_minutes", {60 * second, TOCSIN_U_TRADING}},
            {" sessions", {1, TOCSIN_U_SESSIONS}}};
        const auto& [size, unit] = units.at(word.substr(end));
        v.u.dur.count = n * size, v.u.dur.unit = unit;
    }

    // ---- the host's table

    static const tocsin_host& host() {
        static const tocsin_host table{
            sizeof(tocsin_host), TOCSIN_ABI_MAJOR, TOCSIN_ABI_MINOR, 0,
            [](tocsin_ask* ask, std::uint32_t direction, std::uint32_t measure, tocsin_value scope,
               std::uint32_t k, const tocsin_value* seeds) {
                return ask->driver->need_moves(direction, measure, scope, k, seeds);
            },
            [](tocsin_ask* ask, tocsin_str rule, tocsin_str path) {
                const auto& known = ask->driver->rules;
                if (std::find(known.begin(), known.end(), text(rule)) != known.end()) return 0;
                ask->driver->problems.push_back(text(path) + ": no such rule");
                return -1;
            },
            [](tocsin_ask* ask, tocsin_str path, tocsin_str what) {
                ask->driver->problems.push_back(text(path) + ": " + text(what));
            },
            [](const tocsin_ask* ask, std::int32_t handle, std::int32_t session, std::int64_t prev_close,
               std::int64_t price,
               tocsin_rank* rank) { ask->driver->rank(handle, session, prev_close, price, *rank); },
            [](const tocsin_ask*, std::int64_t t, tocsin_value d) { return add(t, d); },
            [](const tocsin_ask*, std::int64_t from, std::int64_t to) { return trading(from, to); },
            [](tocsin_ask* ask, const tocsin_outcome* outcome) {
                ask->driver->apply(*ask->driver->running_, *outcome);
            },
            [](const tocsin_ask* ask, std::uint32_t n) {
                ask->driver->scratch_.emplace_back(n);
                return ask->driver->scratch_.back().data();
            },
            nullptr, // the readings of windows, sessions and others: their rules are tested on the whole
                     // engine
            nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
        return table;
    }

    struct Ranking {
        bool down, percent;
        std::int64_t last; // sessions of the scope, or none
        std::uint32_t k;
        std::vector<Move> seeds;
    };
    std::int32_t need_moves(std::uint32_t direction, std::uint32_t measure, tocsin_value scope,
                            std::uint32_t k, const tocsin_value* seeds) {
        Ranking it{direction == TOCSIN_DOWN,
                   measure == TOCSIN_MEASURE_PERCENT,
                   scope.u.scope.kind == TOCSIN_SCOPE_LAST ? scope.u.scope.value : INT32_MAX,
                   k,
                   {}};
        for (std::uint32_t i = 0; seeds != nullptr && i < seeds->u.list.n; ++i) {
            const tocsin_value* fields = seeds->u.list.at[i].u.list.at;
            it.seeds.push_back(
                {static_cast<std::int32_t>(fields[0].u.i), fields[1].u.i, fields[2].u.i, true});
        }
        rankings_.push_back(it);
        return static_cast<std::int32_t>(rankings_.size()) - 1;
    }
    void rank(std::int32_t handle, std::int32_t session, std::int64_t prev_close, std::int64_t price,
              tocsin_rank& out) const {
        const Ranking& by = rankings_.at(static_cast<std::size_t>(handle));
        const auto size = [&](const Move& m) {
            return by.down ? m.prev_close - m.close : m.close - m.prev_close;
        };
        const auto larger = [&](const Move& a, const Move& b) {
            return by.percent ? tocsin::Wide{size(a)} * b.prev_close > tocsin::Wide{size(b)} * a.prev_close
                              : size(a) > size(b);
        };
        std::vector<Move> earlier;
        for (const Move& m : moves_)
            if (m.session < session) earlier.push_back(m);
        std::sort(earlier.begin(), earlier.end(),
                  [](const Move& a, const Move& b) { return a.session > b.session; });
        if (static_cast<std::int64_t>(earlier.size()) > by.last)
            earlier.resize(static_cast<std::size_t>(by.last));
        out.history = static_cast<std::uint32_t>(earlier.size());
        earlier.insert(earlier.end(), by.seeds.begin(), by.seeds.end());
        earlier.erase(
            std::remove_if(earlier.begin(), earlier.end(), [&](const Move& m) { return size(m) <= 0; }),
            earlier.end());
        std::sort(earlier.begin(), earlier.end(), [&](const Move& a, const Move& b) {
            return larger(a, b) || (!larger(b, a) && a.session < b.session);
        });
        const Move judged{session, prev_close, price};
        out.rank = 1, out.ties = 0, out.exact = exact ? 1 : 0;
        for (const Move& m : earlier) out.rank += larger(m, judged) ? 1u : 0u;
        const auto give = [](const Move& m) {
            return tocsin_move{m.session, m.seed ? 1u : 0u, m.prev_close, m.close};
        };
        out.has_record = earlier.empty() ? 0 : 1;
        if (out.has_record != 0) out.record = give(earlier[0]);
        out.has_kth = earlier.size() < by.k ? 0 : 1;
        if (out.has_kth != 0) out.kth = give(earlier[by.k - 1]);
    }

    // ---- the calendar

    static std::int64_t clock(std::int32_t date, int hour, int minute) {
        return (date * std::int64_t{86'400} + (hour - 9) * 3600 + minute * 60) * tocsin::nanos_per_second;
    }
    static bool is_session(std::int32_t date) { return tocsin::SessionDate::from_days(date).weekday() < 5; }
    static std::int32_t date_of(std::int64_t t) {
        return static_cast<std::int32_t>((t + 9 * 3600 * tocsin::nanos_per_second) / tocsin::nanos_per_day);
    }
    static std::int64_t trading(std::int64_t from, std::int64_t to) {
        std::int64_t sum = 0;
        for (std::int32_t date = date_of(from); date <= date_of(to); ++date)
            if (is_session(date))
                for (const auto& [a, b] : {std::pair{clock(date, 9, 0), clock(date, 11, 30)},
                                           std::pair{clock(date, 12, 30), clock(date, 15, 25)}})
                    sum += std::max<std::int64_t>(0, std::min(b, to) - std::max(a, from));
        return sum;
    }
    static std::int64_t add(std::int64_t t, tocsin_value d) {
        std::int64_t left = d.u.dur.count;
        if (d.u.dur.unit == TOCSIN_U_CLOCK) return t + left;
        for (std::int32_t date = date_of(t);; ++date) {
            if (!is_session(date)) continue;
            if (d.u.dur.unit == TOCSIN_U_SESSIONS) {
                if (clock(date, 15, 30) > t && --left == 0) return clock(date, 15, 30);
                continue;
            }
            for (const auto& [a, b] : {std::pair{clock(date, 9, 0), clock(date, 11, 30)},
                                       std::pair{clock(date, 12, 30), clock(date, 15, 25)}}) {
                const std::int64_t start = std::max(a, t), there = std::max<std::int64_t>(0, b - start);
                if (left <= there && there > 0) return start + left;
                left -= there;
            }
        }
    }

    // ---- the series

    static tocsin_series nothing() {
        tocsin_series s{};
        s.size = sizeof s, s.settled = TOCSIN_ENDED;
        s.session = s.prev_session = s.previous_session = TOCSIN_NO_SESSION;
        s.price = s.at = s.previous = s.changed_at = s.open = s.high = s.low = s.close = s.prev_close =
            s.opens_at = s.closes_at = TOCSIN_NONE;
        return s;
    }
    void advance(std::int64_t t) {
        if (now_ == TOCSIN_NONE) now_ = clock(day(0), 0, 0);
        REQUIRE(t >= now_);
        for (;;) {
            const Moment next = next_moment();
            const bool moment_due = next.end || next.grace ? next.at < t : next.at <= t;
            if (bounds_.until <= t && (!moment_due || bounds_.until < next.at)) {
                now_ = std::max(now_, bounds_.until);
                bounds_.until = TOCSIN_NEVER;
                evaluate(TOCSIN_IN_TIME);
                REQUIRE(bounds_.until > now_); // or time would stand still
            } else if (moment_due) {
                now_ = next.at;
                pass(next);
            } else {
                break;
            }
        }
        now_ = t;
    }
    Moment next_moment() const {
        const std::int32_t date = moment_ / 6 == 0 ? day(0) : day(moment_ / 6);
        switch (moment_ % 6) {
        case 0:
            return {clock(date, 9, 0), TOCSIN_PHASE_AM, true, false, false};
        case 1:
            return {clock(date, 11, 30), TOCSIN_PHASE_LUNCH, false, false, false};
        case 2:
            return {clock(date, 12, 30), TOCSIN_PHASE_PM, false, false, false};
        case 3:
            return {clock(date, 15, 25), TOCSIN_PHASE_AUCTION, false, false, false};
        case 4:
            return {clock(date, 15, 30), TOCSIN_PHASE_POST, false, true, false};
        default:
            return {clock(date, 15, 40), TOCSIN_PHASE_POST, false, false, true};
        }
    }
    void pass(const Moment& moment) {
        ++moment_;
        phase_ = moment.phase;
        if (moment.grace && (series_.settled != TOCSIN_ENDED || !in_session(series_.at))) return;
        if (moment.open) {
            const std::int32_t before = series_.session;
            if (series_.session != TOCSIN_NO_SESSION) close_ = last_close_;
            last_close_ = TOCSIN_NONE;
            series_.session = date_of(moment.at), series_.prev_session = before;
            series_.opens_at = moment.at, series_.closes_at = clock(series_.session, 15, 30);
            series_.open = series_.high = series_.low = series_.close = TOCSIN_NONE;
            series_.prev_close = close_, series_.ticks = 0, series_.running = 1,
            series_.settled = TOCSIN_RUNNING;
        } else if (moment.end) {
            series_.running = 0;
            series_.settled = series_.close != TOCSIN_NONE ? TOCSIN_OFFICIAL_CLOSE : TOCSIN_ENDED;
        } else if (moment.grace) {
            series_.settled = TOCSIN_PROVISIONAL_CLOSE, last_close_ = series_.price;
        }
        if ((plan_.inputs & TOCSIN_IN_SESSION) != 0)
            evaluate(TOCSIN_IN_SESSION);
        else if (moment.open && (plan_.inputs & TOCSIN_IN_REFERENCE) != 0)
            evaluate(TOCSIN_IN_REFERENCE);
    }
    bool in_session(std::int64_t t) const { return t >= series_.opens_at && t <= series_.closes_at; }
    void see(std::int64_t t, std::int64_t price) {
        series_.previous = series_.price;
        series_.previous_session = price_session_;
        if (price != series_.price) series_.changed_at = t;
        series_.price = price, series_.at = t, price_session_ = series_.session;
        if (series_.open == TOCSIN_NONE) series_.open = series_.high = series_.low = price;
        series_.high = std::max(series_.high, price), series_.low = std::min(series_.low, price);
    }
    void step(std::int64_t t, std::int64_t price, std::uint32_t cause) {
        see(t, price);
        const bool beyond = price <= bounds_.low || price >= bounds_.high || bounds_.wake_always != 0;
        if ((plan_.inputs & cause) != 0 && (always_ || beyond)) evaluate(cause);
    }
    void official(std::int64_t t, std::int64_t price) {
        const bool late = series_.running == 0;
        series_.close = last_close_ = price;
        if (late) series_.settled = TOCSIN_OFFICIAL_CLOSE;
        if ((plan_.inputs & TOCSIN_IN_CLOSE) != 0) {
            see(t, price);
            evaluate(TOCSIN_IN_CLOSE);
        } else {
            step(t, price, (plan_.inputs & TOCSIN_IN_PRICE) != 0 ? TOCSIN_IN_PRICE : TOCSIN_IN_BAR);
        }
        if (series_.prev_close != TOCSIN_NONE) moves_.push_back({series_.session, series_.prev_close, price});
        if (late && (plan_.inputs & TOCSIN_IN_SESSION) != 0) evaluate(TOCSIN_IN_SESSION);
    }

    // ---- evaluation, and the simplest lifecycle

    tocsin_eval evaluation(std::uint32_t cause) {
        series_.phase = halted_ ? std::uint32_t{TOCSIN_PHASE_HALTED} : phase_;
        const bool symbol = rule_->symbols != TOCSIN_SYMBOLS_NONE;
        return {sizeof(tocsin_eval),         cause,   now_,  level_, 0, str(symbol_),
                symbol ? &series_ : nullptr, tariff_, alert_};
    }
    void evaluate(std::uint32_t cause) {
        if (!started_) return;
        const tocsin_eval eval = evaluation(cause);
        if (halted_ && (cause == TOCSIN_IN_PRICE || cause == TOCSIN_IN_BAR || cause == TOCSIN_IN_TIME))
            return;
        running_ = &eval;
        rule_->evaluate(&ask_, config_.data(), state_.data(), &eval, &last);
        bounds_ = last;
        apply(eval, last);
        scratch_.clear();
    }
    void apply(const tocsin_eval& eval, const tocsin_outcome& outcome) {
        const std::int32_t before = level_;
        std::string what;
        if (outcome.outcome == TOCSIN_HAPPENED) what = "event";
        if (outcome.outcome == TOCSIN_ON) level_ = outcome.level;
        if (outcome.outcome == TOCSIN_OFF) level_ = 0;
        if (plan_.condition != 0 && level_ != before)
            what = level_ == 0       ? (outcome.reason == TOCSIN_WHY_SESSION_END ? "session_end" : "cleared")
                   : before == 0     ? "entered"
                   : level_ > before ? "escalated"
                                     : "deescalated";
        if (!what.empty()) seen.push_back(reported(eval, what, level_, text(outcome.subject)));
    }
    Seen reported(const tocsin_eval& eval, const std::string& what, std::int32_t level,
                  const std::string& subject) {
        std::vector<tocsin_value> values(rule_->n_values);
        std::vector<tocsin_check> checks(8);
        tocsin_report report{};
        report.size = sizeof report, report.n_values = rule_->n_values, report.values = values.data();
        report.checks = checks.data(), report.max_checks = static_cast<std::uint32_t>(checks.size());
        const std::vector<Block> before = state_;
        rule_->report(&ask_, config_.data(), state_.data(), &eval, &report);
        REQUIRE(std::equal(before.begin(), before.end(), state_.begin(), [](const Block& a, const Block& b) {
            return std::equal(std::begin(a.bytes), std::end(a.bytes), std::begin(b.bytes));
        }));
        REQUIRE(report.summary < rule_->n_summaries);
        Seen it{eval.now, what, level, subject, text(rule_->summaries[report.summary]), {}};
        for (std::uint32_t i = 0; i < rule_->n_values; ++i)
            if (values[i].type != 0)
                it.values[text(rule_->values[i].name)] = print(values[i], rule_->values[i]);
        return it;
    }
    static std::string print(const tocsin_value& v, const tocsin_reported& declared) {
        const auto decimal = [](std::int64_t n) { return tocsin::Price::from_nanos(n).to_string(); };
        std::string all;
        switch (v.type) {
        case TOCSIN_T_BOOL:
            return v.u.i != 0 ? "true" : "false";
        case TOCSIN_T_INT:
            return std::to_string(v.u.i);
        case TOCSIN_T_DECIMAL:
            return decimal(v.u.i);
        case TOCSIN_T_PERCENT:
            return decimal(tocsin::rounded_percent(v.u.ratio.num, v.u.ratio.den));
        case TOCSIN_T_TIME:
            return tocsin::Time::from_nanos(v.u.i).to_string();
        case TOCSIN_T_SESSION:
            return tocsin::SessionDate::from_days(static_cast<std::int32_t>(v.u.i)).to_string();
        case TOCSIN_T_STRING:
            return text(v.u.s);
        case TOCSIN_T_LIST:
            for (std::uint32_t i = 0; i < v.u.list.n; ++i)
                all += (i == 0 ? "" : " ") + print(v.u.list.at[i], declared);
            return all;
        case TOCSIN_T_OBJECT:
            for (std::uint32_t i = 0; i < v.u.list.n; ++i)
                if (v.u.list.at[i].type != 0)
                    all += (all.empty() ? "" : ",") + text(declared.fields[i].name) + "=" +
                           print(v.u.list.at[i], declared.fields[i]);
            return all;
        default:
            FAIL("a value of no known type: " << v.type);
            return {};
        }
    }

    const bool always_;
    tocsin_ask ask_{this};
    const tocsin_rule* rule_ = nullptr;
    tocsin_plan plan_{};
    std::vector<Block> config_, state_;
    std::deque<std::vector<tocsin_value>> lists_, scratch_;
    std::deque<std::string> texts_;
    std::vector<Ranking> rankings_;
    std::vector<Move> moves_;
    tocsin_series series_{};
    tocsin_outcome bounds_{sizeof(tocsin_outcome), 0, 0, 0, TOCSIN_NONE, TOCSIN_NEVER,
                           TOCSIN_NEVER,           0, 0, 0, 0,           {nullptr, 0}};
    std::int64_t now_ = TOCSIN_NONE, close_ = TOCSIN_NONE, last_close_ = TOCSIN_NONE;
    std::int32_t price_session_ = TOCSIN_NO_SESSION, level_ = 0;
    std::uint32_t phase_ = TOCSIN_PHASE_CLOSED;
    int moment_ = 0, alerts_ = 0;
    bool halted_ = false, started_ = true;
    std::string symbol_ = "N225";
    const tocsin_eval* running_ = nullptr;
    const tocsin_tariff* tariff_ = nullptr;
    const tocsin_alert_in* alert_ = nullptr;
};
