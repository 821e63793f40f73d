#include "config/load.hpp"
#include "config/nearest.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <set>

namespace tocsin::config {

namespace {

const std::vector<std::string_view> weekday_words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Minutes after midnight; -1 if it is no time of day.
std::int32_t minutes_of(std::string_view text) {
    const std::int32_t hours = detail::digits(text, 0, 2), minutes = detail::digits(text, 3, 2);
    const bool right = text.size() == 5 && text[2] == ':' && hours >= 0 && minutes >= 0 && minutes < 60 &&
                       hours * 60 + minutes <= 24 * 60;
    return right ? hours * 60 + minutes : -1;
}

std::optional<std::int32_t> read_time_of_day(const Node& node, Diagnostics& diagnostics) {
    const std::int32_t minutes = node.is_scalar() ? minutes_of(node.text) : -1;
    if (minutes >= 0) return minutes;
    diagnostics.add(node.place.error(node.described() + " is not a time of day like \"09:00\""));
    return {};
}

bool is_none(const Node& node) {
    return node.is_scalar() && node.text == "none";
}

/// Reads `break: ["11:30", "12:30"]` or `break: none` into the hours; false if it is wrong.
bool read_break(const Node& node, market::Hours& hours, Diagnostics& diagnostics) {
    hours.break_start = hours.break_end = std::nullopt;
    if (is_none(node)) return true;
    if (!node.is_list() || node.items.size() != 2) {
        diagnostics.add(node.place.error(
            R"("break" must be two times like ["11:30", "12:30"], or none, found )" + node.described()));
        return false;
    }
    hours.break_start = read_time_of_day(node.items[0], diagnostics);
    hours.break_end = read_time_of_day(node.items[1], diagnostics);
    return hours.break_start && hours.break_end;
}

/// Reads those hours that the map gives over the ones that are there. False if any is wrong.
bool read_hours(const Fields& fields, market::Hours& hours, Diagnostics& diagnostics) {
    bool right = true;
    for (const auto& [key, into] : {std::pair{"open", &hours.open}, std::pair{"close", &hours.close}}) {
        const Node* node = fields.find(key);
        if (node == nullptr) continue;
        const std::optional<std::int32_t> minutes = read_time_of_day(*node, diagnostics);
        right = right && minutes;
        *into = minutes.value_or(0);
    }
    if (const Node* node = fields.find("break")) right = read_break(*node, hours, diagnostics) && right;
    if (const Node* node = fields.find("auction")) {
        hours.auction = is_none(*node) ? std::nullopt : read_time_of_day(*node, diagnostics);
        right = right && (hours.auction || is_none(*node));
    }
    return right;
}

bool check_ascending(const market::Hours& hours, const Place& at, std::string_view remedy,
                     Diagnostics& diagnostics) {
    std::vector<std::int32_t> order{hours.open};
    if (hours.break_start && hours.break_end)
        order.insert(order.end(), {*hours.break_start, *hours.break_end});
    if (hours.auction) order.push_back(*hours.auction);
    order.push_back(hours.close);
    if (std::adjacent_find(order.begin(), order.end(), std::greater_equal<>{}) == order.end()) return true;
    diagnostics.add(at.error("the hours must ascend: open, break, auction, close" + std::string{remedy}));
    return false;
}

/// One calendar file on its way into a definition.
class CalendarReader {
public:
    CalendarReader(const Fields& top, Diagnostics& diagnostics) : top_{top}, diagnostics_{diagnostics} {}

    PlacedCalendar read() {
        for (const std::string_view key : {"calendar", "zone", "from", "to", "hours"}) top_.need(key);
        calendar_.name = top_.text("calendar").value_or("");
        calendar_.zone = top_.text("zone").value_or("");
        if (!calendar_.name.empty()) check_word(calendar_.name, top_.place_of("calendar"), diagnostics_);
        has_span_ = read_span();
        for (const Node* node : top_.list("hours")) read_regime(*node);
        for (const Node* node : top_.list("closed")) read_closed(*node);
        for (const Node* node : top_.list("special")) read_special(*node);
        std::sort(calendar_.closed.begin(), calendar_.closed.end());
        std::sort(calendar_.special.begin(), calendar_.special.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        return {std::move(calendar_), top_.place_of("calendar"), top_.place_of("zone")};
    }

private:
    bool read_span() {
        const std::optional<SessionDate> from = top_.date("from"), to = top_.date("to");
        if (!from || !to) return false;
        calendar_.from = *from;
        calendar_.to = *to;
        // 64 bits of nanoseconds reach from 1677-09-21 to 2262-04-11 (tocsin/time.hpp); a zone may be a day
        // off.
        const SessionDate first = SessionDate::from_civil(1678, 1, 2),
                          last = SessionDate::from_civil(2261, 12, 30);
        if (*from < first) top_.report("from", "\"from\" must not be before " + first.to_string());
        if (*to > last) top_.report("to", "\"to\" must not be after " + last.to_string());
        if (*to < *from) top_.report("to", "\"to\" must not be before \"from\"");
        return *from >= first && *to <= last && *from <= *to;
    }

    bool is_inside(SessionDate date, const Place& at) {
        if (!has_span_) return false; // reported already
        if (date >= calendar_.from && date <= calendar_.to) return true;
        diagnostics_.add(at.error(date.to_string() + " lies outside the calendar, " +
                                  calendar_.from.to_string() + " to " + calendar_.to.to_string()));
        return false;
    }

    void read_regime(const Node& node) {
        const Fields fields{node,
                            "an entry of \"hours\"",
                            {{"from", "open", "break", "auction", "close", "weekdays"}},
                            diagnostics_};
        if (!fields.is_map()) return;
        for (const std::string_view key : {"from", "open", "close", "weekdays"}) fields.need(key);
        market::Regime regime;
        const bool read =
            read_hours(fields, regime.hours, diagnostics_) && fields.has("open") && fields.has("close");
        if (!read || !check_ascending(regime.hours, node.place, "", diagnostics_)) regimes_right_ = false;
        read_weekdays(fields, regime);
        const std::optional<SessionDate> from = fields.date("from");
        if (!from || !is_inside(*from, fields.place_of("from"))) return;
        regime.from = *from;
        if (calendar_.regimes.empty() && *from != calendar_.from)
            fields.report("from",
                          "the first hours must begin with the calendar, at " + calendar_.from.to_string());
        if (!calendar_.regimes.empty() && *from <= calendar_.regimes.back().from)
            fields.report("from", "the hours must be in the order of their dates");
        else
            calendar_.regimes.push_back(std::move(regime));
    }

    void read_weekdays(const Fields& fields, market::Regime& regime) {
        const std::vector<const Node*> items = fields.texts("weekdays");
        for (const Node* item : items) {
            if (!is_one_of(*item, "weekdays", weekday_words, diagnostics_)) continue;
            const auto word = std::find(weekday_words.begin(), weekday_words.end(), item->text);
            regime.weekdays.push_back(static_cast<std::int32_t>(word - weekday_words.begin()));
        }
        std::sort(regime.weekdays.begin(), regime.weekdays.end());
        if (const Node* node = fields.find("weekdays");
            node != nullptr && node->is_list() && node->items.empty())
            fields.report("weekdays", "\"weekdays\" must name a day");
    }

    /// Nothing if the hours of that day could not be read.
    const market::Regime* regime_of(SessionDate date) const {
        const market::Regime* found = nullptr;
        for (const market::Regime& regime : calendar_.regimes)
            if (regime.from <= date) found = &regime;
        return found;
    }

    void read_closed(const Node& node) {
        const std::optional<SessionDate> date = read_date(node, diagnostics_);
        if (!date || !is_inside(*date, node.place) || !is_first(*date, node.place)) return;
        calendar_.closed.push_back(*date);
        const market::Regime* regime = regime_of(*date);
        if (regime == nullptr || regime->weekdays.empty()) return;
        if (std::find(regime->weekdays.begin(), regime->weekdays.end(), date->weekday()) ==
            regime->weekdays.end())
            diagnostics_.add(node.place.error(date->to_string() + " is a " + day_name(*date) +
                                              ", which has no session anyway; leave it out"));
    }

    void read_special(const Node& node) {
        const Fields fields{
            node, "an entry of \"special\"", {{"date", "open", "break", "auction", "close"}}, diagnostics_};
        if (!fields.is_map()) return;
        fields.need("date");
        const std::optional<SessionDate> date = fields.date("date");
        const bool is_known =
            date && is_inside(*date, fields.place_of("date")) && is_first(*date, fields.place_of("date"));
        const market::Regime* regime = is_known ? regime_of(*date) : nullptr;
        market::Hours hours = regime == nullptr ? market::Hours{} : regime->hours;
        if (!read_hours(fields, hours, diagnostics_) || regime == nullptr || !regimes_right_) return;
        check_ascending(hours, node.place,
                        "; what is not given is taken from the day's hours, none removes it", diagnostics_);
        calendar_.special.emplace_back(*date, hours);
    }

    /// A day is closed or special, and once.
    bool is_first(SessionDate date, const Place& at) {
        if (days_.insert(date).second) return true;
        diagnostics_.add(at.error(date.to_string() + " is given twice among the closed and special days"));
        return false;
    }

    static std::string day_name(SessionDate date) {
        constexpr std::string_view names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};
        return std::string{names[date.weekday()]};
    }

    const Fields& top_;
    Diagnostics& diagnostics_;
    market::CalendarDefinition calendar_;
    bool has_span_ = false; // what depends on the span or on the regimes is left alone where those are wrong:
    bool regimes_right_ = true; // one mistake, one error
    std::set<SessionDate> days_;
};

} // namespace

std::optional<PlacedCalendar> read_calendar(const std::string& path, const Place& named_at,
                                            Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.errors().size();
    const Node root = load_document(path, named_at, diagnostics);
    if (root.is_null() && diagnostics.errors().size() > before) return {};
    const Fields top{
        root, "a calendar", {{"calendar", "zone", "from", "to", "hours", "closed", "special"}}, diagnostics};
    if (!top.is_map()) return {};
    return CalendarReader{top, diagnostics}.read();
}

std::optional<market::CalendarDefinition> load_calendar(const std::string& path, const Place& named_at,
                                                        Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.errors().size();
    std::optional<PlacedCalendar> calendar = read_calendar(path, named_at, diagnostics);
    if (!calendar || diagnostics.errors().size() > before) return {};
    return std::move(calendar->definition);
}

} // namespace tocsin::config
