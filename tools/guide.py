"""The portal's guide, made from the pages that the repository shows: docs/integrators.md and docs/integrators.fa.md.

    python -m tools.guide     writes src/maksa/web/portal/guide/{en,fa}.html anew; a test says where they are behind

One text, two shapes. What differs on the portal:
- an answer is shown a member a line;
- the lines for a shell are left out: it shows whole programs in the reader's language instead (`web/portal/examples.py`);
- what stands below `<!-- not on the portal -->` is left out, a paragraph of it;
- a status can be linked to: #status-401.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
PAGES = {"en": "docs/integrators.md", "fa": "docs/integrators.fa.md"}
SECTIONS = ("start", "token", "call", "copy", "statuses", "traps")
"""What the parts of both pages are called, in their order; the first is what stands before the first heading."""

_NOT_HERE = "<!-- not on the portal -->"
_STATUS = re.compile(r"<tr>\n<td>(\d{3})</td>")


def made(language: str) -> str:
    """The guide in *language*, a `section` for each of `SECTIONS`. Raises: ValueError where the page has more or fewer parts."""
    text = (ROOT / PAGES[language]).read_text("utf-8")
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    parts = _parts(list(_kept(markdown.parse(text))))
    sections = [_section(name, _html(markdown, part)) for name, part in zip(SECTIONS, parts, strict=True)]
    return "\n".join(sections)


def path_of(language: str) -> Path:
    """Where the portal looks for it."""
    return ROOT / "src" / "maksa" / "web" / "portal" / "guide" / f"{language}.html"


def _kept(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without what the portal leaves out: title, links to the other page, shell lines, marks of direction."""
    is_left_out = False
    for place, token in enumerate(tokens):
        if token.type == "html_block":
            is_left_out = token.content.strip() == _NOT_HERE
            continue
        if token.type == "fence" and token.info == "sh":
            continue
        inline = tokens[place + 1].content if token.type.endswith("_open") and place + 1 < len(tokens) else ""
        is_left_out = is_left_out or (token.level == 0 and (token.tag == "h1" or inline.startswith("[")))
        if token.type == "fence" and token.info == "json":
            token.content = json.dumps(json.loads(token.content), indent=2, ensure_ascii=False) + "\n"
        if not is_left_out:
            yield token
        elif token.type in ("paragraph_close", "heading_close"):
            is_left_out = False


def _parts(tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            parts.append([])
        parts[-1].append(token)
    return parts


def _html(markdown: MarkdownIt, tokens: list[Token]) -> str:
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    html = re.sub(r'<code(?: dir="ltr")?>', '<code dir="ltr" translate="no">', html)
    html = re.sub(
        r"<pre><code[^>]*>(.*?)</code></pre>", r'<pre tabindex="0"><code>\1</code></pre>', html, flags=re.DOTALL
    )
    html = html.replace("<table>", '<div class="table-wrap" tabindex="0"><table class="list">')
    html = html.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return _STATUS.sub(r'<tr id="status-\1">\n<td><code dir="ltr">\1</code></td>', html).strip()


def _section(name: str, html: str) -> str:
    return f'<section id="{name}">\n{html}\n</section>\n'


if __name__ == "__main__":
    for language in PAGES:
        path_of(language).parent.mkdir(exist_ok=True)
        path_of(language).write_text(made(language), encoding="utf-8")
