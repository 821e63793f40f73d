// CSV: a header row and the configuration's mapping make each row a bar or a quote (contract, section 2). RFC
// 4180 with these choices: the separator is a comma unless another is declared; a quoted cell ends on its
// line; blanks around a cell without quotes are no part of it; a row has as many cells as the header. An
// empty cell is absent, and so is a number of which a vendor says in a word that there is none
// (is_no_number). A row allocates nothing.
#pragma once
#include "feed/check.hpp"
#include "feed/decoder.hpp"

#include <memory>

namespace tocsin::feed {

/// `header` is the first row of `file`. Errors, at the mapping's place: a mapped column that the header lacks
/// or has twice, a mapping that makes neither bars nor quotes, a symbol that is not configured. Borrows
/// `check`.
Result<std::unique_ptr<Decoder>> csv_decoder(const config::CsvMapping& mapping, const std::string& file,
                                             std::string_view header, const Check& check);

/// Cuts a row into cells. Views into the row, or into `unescaped` for cells with doubled quotes. False if
/// quotes do not match. `unescaped` must outlive the cells.
bool split_row(std::string_view row, char separator, std::vector<std::string_view>& cells,
               std::string& unescaped);

/// The words that stand where a number is missing, as vendors write them: null, none, n/a, #n/a, na, nan, in
/// any case, and `-`, `--`, `.` (FRED's).
bool is_no_number(std::string_view cell);

} // namespace tocsin::feed
