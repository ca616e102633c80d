"""The client's line of business, where the text says it or the words for what it sells leave no doubt."""

import re

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document

_WORDS: dict[str, str] = {
    "health": (
        r"physio\w*|clinic|dental|dentists?|dentistry|orthodont\w+|medical|healthcare|health care|hospital"
        r"|doctors?' ?practice|osteopath\w*|chiropract\w+|optician\w*|optometr\w+|hearing aids?|pharmac\w+"
        r"|therapy sessions|therapist|psycholog\w+|dermatolog\w+|ivf|fertility|nursing homes?|care homes?"
        r"|telehealth|vitamins|supplements|eye tests?|laser eye|implants|aligners|telemedicine|diagnostic\w*"
    ),
    "fitness": (
        r"gyms?|yoga|pilates|personal train\w+|fitness|crossfit|karate|judo|dojo|spin classes|boot ?camp"
        r"|martial arts"
    ),
    "beauty": (
        r"skin ?care|cosmetics?|beauty|hair ?salon|salon|make-?up|perfume|fragrances?|spa\b|aesthetics?|barber\w*"
        r"|nail bar|serums?"
    ),
    "fashion": (

            r"fashion|clothing|apparel|shoes|sneakers|trainers shop|dresses|jewell?ery|handbags|jackets?|coats?"
            r"|t-?shirts?|sarees?|sarees|lingerie"

        r"|knitwear|sunglasses|swimwear|bags|activewear|sportswear|boots|watches|denim|jeans"
    ),
    "food and drink": (

            r"coffee|tea\b|teas\b|chocolates?|protein bars?|energy bars?|bakery|bakeries|bread|wine|wines|beer"
            r"|brewery|craft beer|snacks?"


            r"|meal kits?|recipe boxes|organic food|olive oil|cheese|yoghurt|yogurt|dairy|gin\b|spices|rice"
            r"|oat drink|drinks?|recipes?"

        r"|groceries|vegetable boxes|veg boxes|honey|sauces?|kombucha|juices?|baby food|food"
    ),
    "restaurants": (
        r"restaurants?|pizzeria|pizzas?|cafe|caf\u00e9|bistro|takeaway|food truck|catering|pub\b|steakhouse"
        r"|burgers?|diner"
    ),
    "travel": (
        r"hotels?|resorts?|holidays?(?= (?:villas?|lets|homes|packages|cottages|company|park))|travel agency"
        r"|tour operator|tours|cruises?|b&b|guest ?house|hostel|glamping|ski chalets?|safaris?|campervans?"
        r"|motorhomes?|cottages|airline|camp ?site|city breaks|travel"
    ),
    "real estate": (
        r"real estate|property develop\w+|estate agen\w+|realtors?|apartments|flats for sale|new[- ]build\w*"
        r"|housing|condos?|townhouses|passive houses|letting agen\w+|properties|villas for sale|plots|property"
    ),
    "education": (
        r"schools?|university|college|(?<!of )courses?|tutor\w*|language school|bootcamps?|mba|training provider"
        r"|e-?learning|driving school|nursery|kindergarten|preschool|coaching (?:institute|classes)|degree|academy"
        r"|lessons|exam prep\w*|edtech|classes|certification"
    ),
    "finance": (
        r"bank\b|banking|mortgages?|invoicing|loans?|credit cards?|fintech|accounting|accountan\w+|bookkeeping"
        r"|wealth management|financial advis\w+|investment (?:app|platform|funds?)|pensions?|tax (?:advice|returns"
        r"|software)|mutual funds?|trading (?:app|platform)|payroll|invoicing|neobank"
    ),
    "insurance": r"insurance|insurers?",
    "legal": r"law firm|solicitors?|lawyers?|attorneys?|legal (?:services|advice)|conveyancing|divorce",
    "software": (
        r"saas|software|crm|erp|apps?(?= (?:that|for|which|to|called|helps))|mobile app|app\b|cloud|cyber ?security"
        r"|platform|project management|analytics tool|api\b|data platform|hr platform|time[- ]tracking|helpdesk"
    ),
    "automotive": (
        r"car dealer\w*|dealership|used cars|new cars|electric cars|evs?\b|garage|car rental|tyres?|tires"
        r"|auto repair|motorbikes?|motorcycles?|car wash|mot\b|vehicles|vans|cars"
    ),
    "home services": (
        r"plumb\w+|roofing|roofers?|solar|heat pumps?|windows and doors|double glazing|kitchens?|bathrooms?"
        r"|cleaning (?:service|company|services)|cleaners|pest control|landscap\w+|gardening service|hvac"

            r"|air conditioning|boilers?|electricians?|handyman|removals|moving company|garden rooms"
            r"|loft conversions?|renovat\w+"

        r"|conservatories|flooring|painting and decorating|locksmith|home improvement|insulation"
    ),
    "furniture": r"furniture|sofas?|mattress(?:es)?|beds|lamps|home decor|rugs|desks|chairs",
    "non-profit": r"charity|charities|non-?profit|ngo|donations?|foundation|fundrais\w+|animal shelter|donors",
    "entertainment": (
        r"novels?|books?(?= )|concerts?|festivals?|theatre|theater|cinema|museum|theme park|nightclub|escape room"
        r"|podcast|streaming|comedy club|exhibition|shows"
    ),
    "games": r"mobile game|video games?|board games?|puzzle game|game studio|gaming",
    "sports": (
        r"bikes?|bicycles?|e-?bikes?|cycling|golf|ski (?:gear|hire)|running (?:shoes|gear)|camping (?:gear"

            r"|equipment)|(?:outdoor|hiking) gear|hiking boots|ski rental|climbing hall|surfboards?|football club"
            r"|fishing|tennis|climbing"

    ),
    "pets": (
        r"pet (?:food|shop|store|care|supplies|insurance)|dog (?:food|training|walking|beds?|treats|grooming)"
        r"|cat food|vets?\b|veterinar\w+|puppy|grooming"
    ),
    "energy": r"energy supplier|electricity|wind farm|ev charg\w+|biomass|gas supplier|renewable\w*",
    "manufacturing": (
        r"manufacturers?\b|manufacturing|industrial|machinery|cnc|packaging|factory|valves|pumps|components"
        r"|compressors"
    ),
    "recruitment": r"recruitment|recruiting|staffing|recruiters|job board|head ?hunt\w+|temp agency",
    "logistics": (
        r"logistics|freight|storage (?:facility|units?)|couriers?|warehousing|shipping company|haulage"
        r"|self[- ]storage"
    ),
    "events": (
        r"conferences?|trade fairs?|wedding (?:venue|photograph\w+|planner|dresses)|conference|trade fair"
        r"|event (?:venue|planning|management)|weddings|exhibition stands"
    ),
    "telecoms": r"broadband|mobile network|telecoms?|internet provider|sim[- ]only|fibre",
    "agriculture": r"farm\b|farming|tractors?|seeds|fertili[sz]ers?|agricultur\w+|agri\w*|irrigation",
    "childcare": r"daycare|day care|childcare|child care|toys?|baby (?:products|clothes|monitors?)|prams?|strollers?",
    "consumer electronics": (

            r"headphones|laptops?|smart ?phones?|cameras?|smart home|gadgets|electronics|earbuds|(?:smart|bluetooth"
            r"|wireless) speakers|drones?"

    ),
    "ecommerce": r"online (?:shop|store|retailer)|e-?commerce|web ?shop|shopify|d2c|dtc",
    "retail": (
        r"retail(?:er|ers)?|supermarket|department store|gift shop|book ?shop|book ?store|garden centre|florist"
        r"|flowers"
    ),
}  # fmt: skip
_ORGANISATION = re.compile(
    r"(?:^|(?<=[,.:\n-] )|(?<=\n)|\b(?:a|an|the|our) )(?:[a-z-]+ ){1,3}(?:retailer|company|chain|firm|brand|shop"
    r"|store|manufacturer|maker|provider|brokerage|start-?up|business|dealer|developer|practice|studio)\b"
)
_GENERIC = ("retail", "ecommerce", "manufacturing")
_ANSWER = re.compile(r"(?:[^\n:=|?]{1,60}[:=|?] *)?(?P<what>[^\n,;.(]+)")
_OTHER_FIELDS = frozenset(
    ("contact", "audience", "interests", "platforms", "budget", "past", "concerns", "avoid", "tone", "targets")
)
_COMPILED: list[tuple[str, re.Pattern[str]]] = []
_WHO = re.compile(
    r"\b(?:we|we're|i'm|at an?|our|i run|i own|my|us|client|company|brand|business|promot\w*|launch\w*|sell\w*"
    r"|offer\w*|campaign for)\b"
)


def find_industry(document: Document, product: Found[str] | None) -> Found[str] | None:
    """The industry: as a form names it, else by the words for the product, else for the business."""
    if (stated := _stated(document)) is not None:
        return stated
    if product is not None:
        start = max(document.unit_at(product.start).start, product.start - 2)
        if (one := _best(document, start, product.end)) is not None:
            return one
    organisation = _ORGANISATION.search(document.text)
    if organisation and (one := _best(document, *organisation.span())) is not None:
        return one
    return _by_self_description(document) or _only_trade(document)


def _stated(document: Document) -> Found[str] | None:
    for unit in document.units:
        if unit.field == "industry":
            match = _ANSWER.match(document.text, unit.start, unit.end)
            if match and match["what"].strip():
                start, end = match.span("what")
                return Found(document.evidence(start, end).lower(), start, end)
    return None


def _by_self_description(document: Document) -> Found[str] | None:
    for unit in document.units:
        if unit.field in _OTHER_FIELDS:
            continue
        for who in _WHO.finditer(document.text, unit.start, unit.end):
            stop = document.text.find(",", who.end() + 60, unit.end)
            one = _best(document, who.end(), min(unit.end, stop if stop > 0 else who.end() + 70))
            if one is not None:
                return one
    return None


def _only_trade(document: Document) -> Found[str] | None:
    """The one line of business that the text's words name; `None` where they name several."""
    found: dict[str, Found[str]] = {}
    for unit in document.units:
        if unit.field in ("", "objective", "product"):
            one = _best(document, unit.start, unit.end)
            if one is not None:
                found.setdefault(one.value, one)
    return next(iter(found.values())) if len(found) == 1 else None


def trade_of(document: Document, start: int, end: int) -> Found[str] | None:
    """The line of business that the words of a stretch name."""
    return _best(document, start, end)


def _best(document: Document, start: int, end: int) -> Found[str] | None:
    found: list[Found[str]] = []
    for name, pattern in _patterns():
        match = pattern.search(document.text, start, end)
        if match:
            found.append(Found(name, *match.span()))
    if not found:
        return None
    found = [one for one in found if one.value not in _GENERIC] or found
    best = min(found, key=lambda one: (one.start, -one.end))
    while following := [
        one for one in found if best.end < one.end and one.start <= best.end + 1 and one.value not in _GENERIC
    ]:
        best = following[0]  # the last word of a compound says what it is: pet insurance, payroll software
    return best


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    if not _COMPILED:
        _COMPILED.extend((name, re.compile(rf"\b(?:{words})\b")) for name, words in _WORDS.items())
    return _COMPILED
