"""Documents: the metrics of GB/T 9704, equal bytes for equal input, no file but our own, and what the machine must have."""

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from core import checks, documents, money

AT = datetime.fromisoformat("2026-03-05T10:00:00+08:00")
FEN_A_MM = 72 / 25.4


@pytest.fixture(autouse=True)
def _sample_template(settings):
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}
    ]


def sample(**context):
    context = {
        "title": "沈阳市工业和信息化局关于下达2026年第一批“点、线、面”技术改造项目支持资金的通知",
        "red_head": "沈阳市工业和信息化局文件",
        "document_number": "沈工信〔2026〕18号",
        "addressee": "各区、县（市）工业和信息化主管部门",
        "issuer": "沈阳市工业和信息化局",
        "attachments": ["支持项目表", "任务书（样本）"],
        "copied_to": "市财政局",
        "printed_by": "沈阳市工业和信息化局办公室",
        "text": "按照市政府审定意见，现将有关事项通知如下。" * 4,
        "amount": money.yuan(15_000_000),
        "capitals": money.capitals(15_000_000),
        "rows": [["某某重型装备制造有限公司", "智能化升级改造项目", "15,000,000.00"]] * 3,
        **context,
    }
    return documents.render_pdf("documents/sample.html", context, at=AT)


def poppler(tool, pdf, tmp_path, *options):
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    target = [] if tool == "pdfinfo" else ["-"]
    return subprocess.run([tool, *options, str(path), *target], capture_output=True, text=True, check=True).stdout


def test_a_full_page_has_22_lines_of_28_characters(tmp_path):
    pdf = sample(red_head="", title="网格", text="技" * 28 * 60)
    lines = poppler("pdftotext", pdf, tmp_path, "-layout", "-f", "2", "-l", "2").split("\n")
    full = [line.strip() for line in lines if "技" in line]
    assert ([len(line) for line in full], "—2—" in "".join("".join(lines).split())) == ([28] * 22, True)


def test_the_sheet_has_the_margins_of_the_standard(tmp_path):
    pdf = sample(red_head="", title="网格", text="技" * 28 * 60)
    boxes = poppler("pdftotext", pdf, tmp_path, "-bbox", "-f", "2", "-l", "2")
    assert [round(float(n)) for n in re.search(r'<page width="([\d.]+)" height="([\d.]+)"', boxes).groups()] == [
        595,
        842,
    ]
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">技', boxes)
    left, right = min(float(w[0]) for w in words), max(float(w[2]) for w in words)
    assert abs(left - 28 * FEN_A_MM) < 1
    assert abs(right - (210 - 26) * FEN_A_MM) < 1.5


def test_a_document_says_what_it_was_given(tmp_path):
    text = poppler("pdftotext", sample(), tmp_path, "-layout")
    for words in (
        "沈阳市工业和信息化局文件",
        "沈工信〔2026〕18号",
        "15,000,000.00元（人民币壹仟伍佰万元整）",
        "附件：1. 支持项目表",
        "2026年3月5日",
        "抄送：市财政局。",
        "—1—",
    ):
        assert words.replace(" ", "") in "".join(text.split()), words


def test_equal_input_gives_equal_bytes():
    assert sample() == sample()
    assert sample(document_number="沈工信〔2026〕19号") != sample()


def test_the_document_is_tagged_dated_and_carries_its_fonts(tmp_path):
    facts = dict(re.findall(r"^([^:]+): +(.*)$", poppler("pdfinfo", sample(), tmp_path, "-isodates"), re.MULTILINE))
    assert (facts["Tagged"], facts["Page size"]) == ("yes", "595.276 x 841.89 pts (A4)")
    assert datetime.fromisoformat(facts["CreationDate"].replace("+08", "+08:00").replace("Z", "+00:00")) == AT
    fonts = subprocess.run(["pdffonts", str(tmp_path / "document.pdf")], capture_output=True, text=True, check=True)
    rows = fonts.stdout.splitlines()[2:]
    assert rows
    assert all(re.search(r"yes +yes +yes", row) for row in rows)


def test_what_is_typed_stays_text(tmp_path):
    text = poppler("pdftotext", sample(text="<img src='file:///etc/passwd'>"), tmp_path)
    assert "<img src='file:///etc/passwd'>" in text.replace("\n", "")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "http://static.invalid/etc/passwd"])
def test_a_document_reads_no_other_file(url):
    with pytest.raises(ValueError, match="own static files only"):
        documents._fetcher().fetch(url)


def test_a_document_reads_own_static_files(settings, tmp_path):
    (tmp_path / "seal.svg").write_bytes(b"<svg/>")
    settings.STATICFILES_DIRS = [tmp_path]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    try:
        assert documents._fetcher().fetch("http://static.invalid/static/seal.svg").read() == b"<svg/>"
        with pytest.raises(Exception, match=r"outside|no static file"):
            documents._fetcher().fetch("http://static.invalid/static/../portal/settings.py")
    finally:
        finders.get_finder.cache_clear()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("评审报告", ["评审报告"]),
        (
            "沈阳市工业和信息化局关于2026年第一批技术改造项目的公示",
            ["沈阳市工业和信息化局关于", "2026年第一批技术改造项目的公示"],
        ),
    ],
)
def test_a_long_title_is_broken_where_it_reads_well(title, lines):
    assert documents.title_lines(title) == lines


def test_every_title_fits_and_loses_nothing():
    for length in range(1, 120):
        title = ("关于下达“点、线、面”项目资金（第一批）的通知" * 6)[:length]
        lines = documents.title_lines(title)
        assert "".join(lines) == title
        assert max(map(len, lines)) <= documents.TITLE_CHARACTERS


def test_a_qr_code_is_a_data_address():
    assert documents.qr("https://portal.example/verify/1").startswith("data:image/svg+xml")


def test_this_machine_can_print():
    assert checks.printing_needs_libraries_and_a_chinese_font(None) == []


def test_a_machine_that_cannot_print_is_told_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(checks, "_has_library", lambda name, file: False)
    monkeypatch.setattr(checks, "has_chinese_font", lambda: False)
    found = checks.printing_needs_libraries_and_a_chinese_font(None)
    assert [check.id for check in found] == ["core.W001", "core.W002", "core.W003"]
    assert [check.hint.split()[-1] for check in found][1:] == ["libharfbuzz-subset0", "fonts-noto-cjk"]
    call_command("check")
    assert "core.W002" in capsys.readouterr().err
