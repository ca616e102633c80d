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
