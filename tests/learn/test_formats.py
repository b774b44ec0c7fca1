"""Pages that need nothing else, and the handbook."""

from base64 import b64encode
from pathlib import Path

from academy.foundation.i18n import languages
from academy.learn.formats import handbook, offline

SHA = "ab" * 32


def figure(address: str) -> str:
    return f'<figure><img alt="A page" src="{address}" width="10"></figure>'


def test_a_figure_is_written_into_the_page() -> None:
    found = offline.with_figures(figure(f"/files/{SHA}/tilt.en.svg"), lambda sha: (sha.encode(), "image/svg+xml"))
    assert found == figure(f"data:image/svg+xml;base64,{b64encode(SHA.encode()).decode()}")


def test_what_is_not_to_be_had_and_what_is_elsewhere_stays() -> None:
    gone, other = figure(f"/files/{SHA}/tilt.svg"), figure("https://example.org/x.svg")
    assert offline.with_figures(gone + other, lambda _sha: None) == gone + other


def test_links_to_files_stay_links() -> None:
    link = f'<a href="/files/{SHA}/form.pdf">form</a>'
    assert offline.with_figures(link, lambda _sha: (b"", "application/pdf")) == link


def write(folder: Path, name: str, text: str) -> None:
    (folder / "en").mkdir(exist_ok=True)
    (folder / "en" / name).write_text(text, encoding="utf-8")


def test_a_page_of_the_handbook(tmp_path: Path) -> None:
    write(
        tmp_path,
        "02-second.md",
        "# Second *page*\n\n## Part one\n\nSee [first](01-first.md#here) and [web](https://a.b).\n",
    )
    write(tmp_path, "01-first.md", "No title.\n\n<script>alert(1)</script>\n")
    write(tmp_path, "Notes.md", "# Not shown\n")
    found = handbook.pages("en", tmp_path)
    assert list(found) == ["first", "second"]
    second = found["second"]
    assert (second.title, second.sections) == ("Second *page*", ("Part one",))
    assert '<a href="first">' in second.body
    assert '<a href="https://a.b">' in second.body
    assert "<h1" not in second.body
    assert found["first"].title == "first"
    assert "<script>" not in found["first"].body


def test_every_page_is_there_in_every_language() -> None:
    shown = [list(handbook.pages(lang)) for lang in languages()]
    assert shown[0] == shown[1]
    assert "accessibility" in shown[0]
    parts = [[len(page.sections) for page in handbook.pages(lang).values()] for lang in languages()]
    assert parts[0] == parts[1]
