// CSV: a header row and the configuration's mapping make each row a bar or a quote (contract, section 2). RFC
// 4180 with these choices: the delimiter is a comma; a quoted cell ends on its line; blanks around a cell
// without quotes are no part of it; a row has as many cells as the header. An empty cell is absent. A row
// allocates nothing.
#pragma once
#include "feed/check.hpp"
#include "feed/decoder.hpp"

#include <memory>

namespace tocsin::feed {

/// `header` is the first row. Errors, at the mapping's place: a mapped column that the header lacks or has
/// twice, a mapping that makes neither bars nor quotes, a symbol that is not configured. Borrows `check`.
/// Requires: feed.csv.
Result<std::unique_ptr<Decoder>> csv_decoder(const config::Feed& feed, std::string_view header,
                                             const Check& check);

/// Cuts a row into cells. Views into the row, or into `unescaped` for cells with doubled quotes. False if
/// quotes do not match. `unescaped` must outlive the cells.
bool split_row(std::string_view row, std::vector<std::string_view>& cells, std::string& unescaped);

} // namespace tocsin::feed
