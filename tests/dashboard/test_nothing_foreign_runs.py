"""A script that somebody smuggles in does not run, and no page asks anything of anybody else."""

from dashboard_home import Installation
from looking import Visit, settled
from playwright.sync_api import expect

_SMUGGLED = """() => {
  const script = document.createElement("script");
  script.textContent = "window.smuggled = true";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.smuggled = true'>");
  return new Promise(done => setTimeout(() => done(window.smuggled === true), 300));
}"""


def test_no_script_within_the_page_runs(visit: Visit) -> None:
    page = visit("/", errors="Content Security Policy|404|ERR_")
    settled(page)
    assert page.evaluate(_SMUGGLED) is False


def test_what_a_client_writes_stays_text(visit: Visit, installation: Installation) -> None:
    said = (
        "<img src=x onerror='window.smuggled=true'><script>window.smuggled=true</script> EUR 5,000 for leads in Lisbon"
    )
    brief = installation.asks("/briefs", {"text": f"{said}\n=HYPERLINK(1)", "name": "<b>brief</b>.txt"})
    page = visit(f"/briefs/{brief['id']}")
    settled(page)
    expect(page.get_by_text("<script>window.smuggled=true</script>").first).to_be_visible()
    page.goto("/compose")
    settled(page)
    assert page.evaluate("window.smuggled") is None


def test_nothing_is_sent_elsewhere(visit: Visit) -> None:
    page = visit("/", errors="Content Security Policy|ERR_|asks https://elsewhere.example")
    settled(page)
    told = "fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')"
    assert page.evaluate(told) == "refused"
    refused = page.evaluate("""() => new Promise(done => {
      document.addEventListener("securitypolicyviolation", one => done(one.effectiveDirective), {once: true});
      new Image().src = "https://elsewhere.example/x.png"; })""")
    assert refused == "img-src"
