"""Signing in by a browser: by password, with a second factor, and by a link that works once."""

import time

from dashboard_home import CAREFUL, OWNER, PASSWORD, Installation
from looking import Visit, settled
from playwright.sync_api import Page, expect
from pyotp.totp import TOTP


def show_password(page: Page, email: str, password: str) -> None:
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_wrong_password_is_said_and_the_right_one_leads_where_one_wanted_to_go(visit: Visit) -> None:
    page = visit("/compose?from=mail", None, errors="401")
    show_password(page, OWNER, "not the password at all")
    expect(page.get_by_role("alert")).to_be_visible()
    show_password(page, OWNER, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Compose")
    assert page.url.endswith("/compose?from=mail")


def test_who_has_a_second_factor_is_asked_for_a_code(visit: Visit, installation: Installation) -> None:
    with installation.person(CAREFUL) as careful:
        seed = careful.post("/v1/session/totp", json={"password": PASSWORD}).json()["seed"]
        step = int(time.time()) // 30
        code = TOTP(seed).generate_otp(step)
        codes = careful.post("/v1/session/totp/confirm", json={"code": code}).json()["recovery_codes"]
    page = visit("/", None, errors="401")
    expect(page.get_by_role("textbox", name="Code")).to_have_count(0)
    show_password(page, CAREFUL, PASSWORD)
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Code").fill(TOTP(seed).generate_otp(step + 1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    with installation.person(CAREFUL, codes[0]) as careful:
        careful.post("/v1/session/totp/off", json={"password": PASSWORD, "code": codes[1]}).raise_for_status()


def test_an_invitation_makes_somebody_a_member_once(visit: Visit, installation: Installation) -> None:
    link = installation.asks("/invitations", {"email": "lu@example.com", "role": "viewer"})["link"]
    address = "/link#" + link.partition("#")[2]
    page = visit(address, None, errors="40[1349]|410")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("lu@example.com")
    page.get_by_label("Your name").fill("Lu")
    page.get_by_role("textbox", name="New password").fill("short")
    page.get_by_role("textbox", name="New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and go in").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    assert "#" not in page.url
    again = visit(address, None, errors="40[1349]|410")
    expect(again.get_by_role("alert")).to_be_visible()
    again.get_by_role("link", name="To the sign-in page").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_half_a_link_says_what_is_missing(visit: Visit) -> None:
    page = visit("/link", None)
    expect(page.get_by_role("alert")).to_contain_text("not whole")
