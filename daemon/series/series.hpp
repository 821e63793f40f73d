// Series: a symbol's state as events make it: the running session, its prices, its official close, the
// previous close, and the ladder of moves. The part that plugins see is kept in their own struct,
// tocsin_series, so that showing it costs nothing. Deciding thread. A plain value: copying it is a snapshot.
// It reads no clock: `pass` is called when event time reaches `due`.
//
// Official closes (contract section 2): the first of a close quote and a bar; an equal second does nothing, a
// different one is kept out and counted. At close + grace without one, the last tick becomes a provisional
// close. Its place is that of the official one until that comes.
//
// A status outweighs the calendar: halted until resumed; closed for the session of that day. The phase moves
// at a session's boundaries only: after its end it stays what it is then until the next one opens.
#pragma once
#include "market/calendar.hpp"
#include "market/event.hpp"
#include "series/ladder.hpp"
#include "series/window.hpp"

#include <tocsin/plugin.h>

namespace tocsin::series {

enum class Accepted { applied, late, out_of_session };
/// What a boundary of a session's day brought.
enum class Boundary { opened, phase_changed, ended, close_overdue };

enum class CloseKind {
    first,     // an official close where there was none (or a provisional one)
    duplicate, // the same again
    differs    // another than the one in use: a correction, not applied in this version
};

class Series {
public:
    /// `close_grace` in nanoseconds. Requires: the calendar outlives the series.
    Series(const market::Calendar& calendar, std::int64_t close_grace,
           const std::vector<WindowWanted>& windows = {});

    /// What rules see.
    const tocsin_series& now() const { return now_; }
    const Ladder& ladder() const { return ladder_; }
    const market::Calendar& calendar() const { return *calendar_; }
    bool held() const { return halted_ || closed_; }
    /// One of those given at construction, as of t, or of the newest price if that is later.
    tocsin_window window(const WindowWanted& wanted, Time t) const;

    /// Places the series before its first event.
    void start(Time t);
    /// When the next boundary is due; Time::max() if never.
    Time due() const { return due_; }
    /// Passes the boundary that is due.
    Boundary pass();

    /// A tick or an open. Requires: event time has reached `at` (or it is late).
    Accepted tick(Time at, Price price, market::QuoteKind kind);

    /// The session that a close stamped `at` belongs to: the last that opened by then.
    std::optional<SessionDate> session_closed_at(Time at) const;
    CloseKind classify_close(SessionDate session, Price close) const;
    /// Takes an official close that classify_close called `first`: as a price where the session is the
    /// present one. The ladder learns of it by settle(), after all rules have judged.
    void take_close(SessionDate session, Time at, Price close);
    /// The series as of a close of `session`: what rules on closes judge.
    tocsin_series as_of_close(SessionDate session, Time at, Price close) const;
    /// Enters the close (of that bar, if it is one's) into the ladder. True if it is of a session before the
    /// present one: then what rules refer to, the previous close or the moves before, is not what it was.
    bool settle(SessionDate session, Price close, const market::Bar* bar = nullptr);

    /// A bar of the present session: open, high, low (the close goes its own way). With ticks before it, it
    /// only widens.
    void take_bar(const market::Bar& bar);
    /// Begins a session that the calendar does not know, for a bar earlier than its `from`.
    void begin_before_calendar(SessionDate date);

    void set_status(Time at, market::TradingState state);

private:
    void begin(const market::Session& session, bool before_calendar);
    void end_provisionally();
    void refresh_quality();
    Time next_boundary(Time after) const;
    void take_price(Time at, std::int64_t price);
    void enter_phase(std::uint32_t phase, Time at);
    std::int64_t traded_by(Time t) const;
    std::uint32_t phase_at(Time t) const;

    const market::Calendar* calendar_;
    std::int64_t close_grace_;
    tocsin_series now_{};
    market::Session session_;      // the present one
    std::size_t next_session_ = 0; // index of the one after it
    bool before_calendar_ = false, halted_ = false, closed_ = false;
    std::optional<SessionDate> closed_on_; // the day for which a status said so
    Time due_ = Time::max();
    Time newest_ = Time::min();                      // of the accepted prices
    std::int32_t price_session_ = TOCSIN_NO_SESSION; // in which the present price was accepted
    Ladder ladder_;
    std::vector<Window> windows_;
    std::int64_t traded_ = 0;          // trading time before the present stretch of it
    Time trading_since_ = Time::max(); // where that began; max() while there is none
};

} // namespace tocsin::series
