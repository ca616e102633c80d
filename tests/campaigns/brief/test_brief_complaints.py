from marketmover.campaigns.brief import read_brief


def test_what_leads_never_did_is_a_complaint_and_no_wish() -> None:
    text = "We got cheap leads that never become patients. Never mention prices in the ads."
    assert [constraint.what for constraint in read_brief(text).constraints] == ["prices in the ads"]
