"""How pages are looked at: fetched without a browser, then shown in one that is never closed."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

BASE = "http://localhost"  # never asked: each answer is at hand; browsers trust the name
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
COLOURS = ["color-contrast", "link-in-text-block"]
ASK = f"axe.run({{runOnly: {RULES}, resultTypes: ['violations']}})"
ASK_COLOURS = (
    f"axe.run({{runOnly: {{type: 'rule', values: {COLOURS}}}, resultTypes: ['violations']}})"
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
PAPER = {"width": 688, "height": 980}  # A4 upright, between the margins
NOT_ON_PAPER = "header, nav, footer, .fb-skip, .fb-pager, .btn, button:not(.visually-hidden)"
# What is focused must not lie wholly under a bar that stays in its place (WCAG 2.4.11).
ASK_COVERED = """() => {
  const every = [...document.querySelectorAll("body *")];
  const stays = (one) => ["fixed", "sticky"].includes(getComputedStyle(one).position);
  const bars = new Set(every.filter(stays));
  const stops = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const isCovered = (stop) => {
    stop.focus();
    const { left, top, width, height } = stop.getBoundingClientRect();
    return [0.1, 0.5, 0.9].every((part) => {
      let seen = document.elementFromPoint(left + width / 2, top + height * part);
      if (!seen) return true;
      for (; seen; seen = seen.parentElement)
        if (bars.has(seen) && !seen.contains(stop)) return true;
      return false;
    });
  };
  const open = (stop) => stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility();
  return every.filter((one) => one.matches(stops) && open(one) && isCovered(one))
    .map((one) => one.outerHTML.slice(0, 160));
}"""
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^>]*)?)>")
KINDS = re.compile(r'\b(class|role|type|aria-[a-z]+|scope|method)="([^"]*)"')


@dataclass
class Sheet:
    """A page as it was answered: to whom, at which address, and what came."""

    who: str
    url: str
    html: str
    headers: dict
    status: int = 200

    @classmethod
    def of(cls, who, url, response):
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return cls(
            who, url, body.decode(errors="replace"), dict(response.headers), response.status_code
        )

    @property
    def is_page(self):
        return "text/html" in self.headers.get("Content-Type", "") and self.status != 302

    @property
    def parts(self):
        """What kinds of elements its frame and its middle are made of: same parts, same look."""
        head, _, middle = self.html.partition("<main")
        return kinds_in(head), kinds_in(middle)


def kinds_in(html):
    return frozenset(
        (
            tag[1],
            *(
                f"{key}={'' if key == 'aria-label' else value}"
                for key, value in KINDS.findall(tag[2])
            ),
        )
        for tag in TAG.finditer(html)
    )


class Screen:
    """One browser page that shows sheets under our own policy; what its console says is kept."""

    def __init__(self, browser, **options):
        self.said, self.sheet = [], None
        self.context = browser.new_context(
            base_url=BASE, reduced_motion="reduce", viewport=DESK, **options
        )
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route("**/*", self._serve)

    def _serve(self, route):
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
        elif route.request.is_navigation_request():
            headers = {**self.sheet.headers, "Content-Length": str(len(self.sheet.html.encode()))}
            route.fulfill(status=self.sheet.status, headers=headers, body=self.sheet.html)
        else:
            route.fulfill(status=204)

    def show(self, sheet):
        """Open the sheet at its own address, and hand over the browser's page."""
        self.sheet = sheet
        self.said.clear()
        self.page.set_viewport_size(DESK)
        self.page.emulate_media(color_scheme="light", media="screen")
        self.page.goto(sheet.url)
        return self.page

    def faults(self):
        """What the console said, but for the answer's own status."""
        return [f"console: {text}" for text in self.said if "Failed to load resource" not in text]


def violations(page, ask=ASK):
    """What axe finds on the page as it stands, a line for each element."""
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in page.evaluate(ask)["violations"]
        for node in fault["nodes"]
    ]


def overflow(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def look(page):
    """Every fault of a page: by day and by night, on a desk, a phone and in the smallest window.

    By night only the rules about colours are asked again: nothing else changes.
    """
    found = [] if page.locator("h1").count() == 1 else ["not one heading"]
    page.evaluate(AXE)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for scheme, ask in (("light", ASK), ("dark", ASK_COLOURS)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme} {fault}" for fault in violations(page, ask)]
    found += [f"covered: {stop}" for stop in page.evaluate(ASK_COVERED)]
    page.set_viewport_size(SMALLEST)
    found += [f"{wider} px too wide" for wider in [overflow(page)] if wider > 0]
    return found + on_paper(page)


def on_paper(page):
    """What is wrong with the page as it is printed: bars and buttons on it, or a part cut off."""
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    bars = page.locator(NOT_ON_PAPER).filter(visible=True).count()
    cut = overflow(page)
    page.emulate_media(media="screen")
    found = [f"paper: {bars} bars or buttons"] if bars else []
    return found + ([f"paper: {cut} px cut off"] if cut > 0 else [])


class Forms(HTMLParser):
    """The forms of a page: where each is sent, how, and with which fields."""

    def __init__(self, html):
        super().__init__()
        self.forms, self._open = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._open = {"action": "", "method": "get", "kept": {}, "asked": {}, **attrs}
            self.forms.append(self._open)
        elif self._open and tag in ("input", "select", "textarea") and attrs.get("name"):
            if attrs.get("type") == "hidden":
                self._open["kept"][attrs["name"]] = attrs.get("value") or ""
            else:
                self._open["asked"][attrs["name"]] = attrs.get("type", tag)

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
