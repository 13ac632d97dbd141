"""Lists handed out as workbooks: text is text, an amount is an amount, a day a day."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from core.sheet_writing import workbook_of


def test_only_an_amount_is_shown_as_an_amount():
    content = workbook_of("清单", ["甲"], [10], [[Decimal("1234.5")], [date(2026, 3, 5)], [3], ["=1+1"], [None]])

    cells = [row[0] for row in load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2)]
    assert [cell.number_format for cell in cells[:4]] == ["#,##0.00", "yyyy-mm-dd", "General", "General"]
    assert [cell.data_type for cell in cells[:4]] == ["n", "d", "n", "s"]
