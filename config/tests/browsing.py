"""What people do on any page: open it as somebody, sign in and out, press Tab."""

import re

import pytest
from django.core import mail

DESK = {"width": 1280, "height": 900}
EXPECTED = re.compile(r"404 \(Not Found\)|ERR_INTERNET_DISCONNECTED")
PASSWORD = "a password of many words"


def give_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page, base, user):
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{base}/")


def sign_in_by_code(page, base, email):
    page.goto(f"{base}/accounts/login/code/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/code/confirm/")
    letter = next(m for m in reversed(mail.outbox) if email in m.to)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", letter.body, re.MULTILINE).group(1)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page):
    page.context.clear_cookies()


@pytest.fixture
def open_as(browser, live_server, as_user):
    """Return a function that opens a browser's page for a person; the console must stay silent."""
    said, contexts = [], []

    def open_page(user=None, **options):
        context = browser.new_context(
            base_url=live_server.url, reduced_motion="reduce", viewport=DESK, **options
        )
        contexts.append(context)
        if user:
            session = as_user(user).cookies["sessionid"].value
            cookie = {"name": "sessionid", "value": session, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in said if not EXPECTED.search(text)] == []


FOCUS = """() => {
  const at = document.activeElement;
  const drawn = getComputedStyle(at.closest(".fb-pick, .ts-control") || at);
  const own = getComputedStyle(at);
  const label = at.labels && at.labels[0] && getComputedStyle(at.labels[0]);
  const seen = (style) => style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
  return {
    tag: at.tagName,
    name: (at.innerText || at.name || at.id || at.tagName).trim().split("\\n")[0],
    seen: [drawn, own, label].some(seen),
  };
}"""


def tab_to(page, selector, most=120):
    """Press Tab until the control has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(css) => document.activeElement.matches(css)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def stops_of(page, most=400):
    """Every stop that Tab makes from the top of the page until it leaves it."""
    stops = []
    while not stops or (stops[-1]["tag"] != "BODY" and len(stops) < most):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    return stops
