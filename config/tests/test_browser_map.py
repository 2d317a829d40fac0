"""The map in a browser: drawn from our own places alone, under our own policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from schools.register import refresh_schools

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_a_school_on_the_map_leads_to_its_page_and_the_list_follows(open_as, officer, link):
    row = link.school.current
    row.easting, row.northing = 451_000, 512_345
    row.save()
    refresh_schools("SELECT %s::bigint", [link.school_id])
    page, asked = open_as(officer), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reverse("dashboards:map"))
    page.locator("#map[data-drawn='1']").wait_for()

    page.get_by_role("button", name="Zoom to our schools").click()
    expect(page.locator("#map-list-h")).to_have_text("In view")
    page.locator("#map").click()
    card = page.locator(".fb-map-card")
    card.get_by_role("link", name=link.school.name).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(link.school.name)
    assert [url for url in asked if not url.startswith(page.url.split("/schools")[0])] == []
