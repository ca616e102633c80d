"""The words of the simulated advertisers: trades, audiences, messages. Invented, and plainly so."""

from typing import NamedTuple


class Trade(NamedTuple):
    """What an advertiser sells, and how it speaks of it."""

    name: str
    product: str
    keywords: tuple[str, ...]
    interests: tuple[str, ...]


TRADES: dict[str, tuple[Trade, ...]] = {
    "leads": (
        Trade("health", "physiotherapy", ("physiotherapist near me", "back pain treatment", "sports injury clinic",
              "physio appointment"), ("Yoga", "Running", "Physical fitness")),
        Trade("solar", "solar panels", ("solar panel quote", "solar installer", "cost of solar panels",
              "home battery storage"), ("Solar energy", "Home improvement", "Sustainability")),
        Trade("software", "CRM software", ("crm for small business", "sales pipeline tool", "best crm",
              "contact management software"), ("Small business", "Entrepreneurship", "Sales")),
        Trade("education", "evening courses", ("online accounting course", "learn programming", "evening classes",
              "project management certificate"), ("Education", "Personal development", "Career")),
    ),
    "ecommerce": (
        Trade("sport", "running shoes", ("running shoes", "trail running shoes", "marathon shoes",
              "buy running shoes online"), ("Running", "Marathons", "Outdoor recreation")),
        Trade("home", "bedding", ("linen bedding", "duvet cover", "cotton sheets", "bedding sale"),
              ("Interior design", "Home decor", "Sleep")),
        Trade("food", "speciality coffee", ("coffee beans online", "espresso beans", "coffee subscription",
              "fresh roasted coffee"), ("Coffee", "Cooking", "Gourmet food")),
    ),
    "both": (
        Trade("travel", "cycling holidays", ("cycling holiday", "bike tour", "guided cycling tour",
              "cycling holiday deals"), ("Cycling", "Adventure travel", "Holidays")),
        Trade("furniture", "fitted kitchens", ("fitted kitchen quote", "kitchen showroom", "new kitchen cost",
              "kitchen planner"), ("Home improvement", "Interior design", "Cooking")),
    ),
}  # fmt: skip

BRAND_KEYWORDS = ("example", "example company", "example reviews", "example website")
"""What people search who know the advertiser, whose name is that of its site, example.com."""

COUNTRIES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "US": ("USD", "America/New_York", "2840", ("Austin", "Denver", "Portland")),
    "GB": ("GBP", "Europe/London", "2826", ("Leeds", "Bristol", "Cardiff")),
    "DE": ("EUR", "Europe/Berlin", "2276", ("Hamburg", "Leipzig", "Bonn")),
    "FR": ("EUR", "Europe/Paris", "2250", ("Lyon", "Nantes", "Lille")),
    "NL": ("EUR", "Europe/Amsterdam", "2528", ("Utrecht", "Groningen", "Breda")),
    "ES": ("EUR", "Europe/Madrid", "2724", ("Valencia", "Bilbao", "Granada")),
    "IT": ("EUR", "Europe/Rome", "2380", ("Turin", "Bologna", "Verona")),
    "CA": ("CAD", "America/Toronto", "2124", ("Ottawa", "Calgary", "Halifax")),
    "AU": ("AUD", "Australia/Sydney", "2036", ("Perth", "Adelaide", "Hobart")),
    "SE": ("SEK", "Europe/Stockholm", "2752", ("Malmo", "Uppsala", "Umea")),
    "CH": ("CHF", "Europe/Zurich", "2756", ("Basel", "Bern", "Lausanne")),
    "BR": ("BRL", "America/Sao_Paulo", "2076", ("Curitiba", "Recife", "Salvador")),
}
"""Currency, time zone, Google's geo target constant, some places."""

PRICE_LEVEL = {"USD": 1.0, "GBP": 0.85, "EUR": 0.95, "CAD": 1.3, "AUD": 1.45, "SEK": 10.0, "CHF": 1.0, "BRL": 3.5}
"""How many units of a currency buy what a dollar buys here; 1 for others."""

MESSAGES = ("price", "quality", "speed", "trust")
"""What an ad speaks of; its effect differs by audience."""

HEADLINES = {
    "price": ("Fair Prices, No Surprises", "Save on {product}", "Compare and Save Today"),
    "quality": ("{product} Done Properly", "Made to Last", "Rated Five Stars"),
    "speed": ("Ready This Week", "Start in Two Minutes", "Fast, Simple, Done"),
    "trust": ("Trusted Since 1998", "Loved by Thousands", "Honest Advice First"),
}
BODIES = {
    "price": ("See what {product} really costs before you decide.", "Clear prices, no small print."),
    "quality": ("{product} that people recommend to friends.", "Care in every detail, checked twice."),
    "speed": ("Tell us what you need and hear back the same day.", "No waiting, no paperwork."),
    "trust": ("Thousands of customers, one promise: no regrets.", "Talk to people who know {product}."),
}
