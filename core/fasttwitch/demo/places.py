"""Where the customers of the demo live, and what is spoken there."""

import numpy as np

_LAND = {
    "DE": ("de", 24.0, "Berlin Hamburg München Köln Frankfurt Stuttgart Leipzig Dresden"),
    "FR": ("fr", 12.0, "Paris Marseille Lyon Toulouse Nice Nantes Lille Bordeaux"),
    "GB": ("en", 11.0, "London Birmingham Manchester Leeds Glasgow Bristol Liverpool Cardiff"),
    "IT": ("it", 8.0, "Roma Milano Napoli Torino Palermo Genova Bologna Firenze"),
    "ES": ("es", 7.5, "Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Bilbao"),
    "NL": ("nl", 6.0, "Amsterdam Rotterdam Utrecht Eindhoven Groningen Tilburg Breda Nijmegen"),
    "PL": ("pl", 5.5, "Warszawa Kraków Łódź Wrocław Poznań Gdańsk Szczecin Lublin"),
    "AT": ("de", 4.5, "Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels"),
    "CH": ("de", 4.0, "Zürich Genf Basel Lausanne Bern Winterthur Luzern Lugano"),
    "BE": ("nl", 3.5, "Antwerpen Gent Brussel Liège Brugge Namur Leuven Mons"),
    "SE": ("sv", 3.0, "Stockholm Göteborg Malmö Uppsala Västerås Örebro Linköping Umeå"),
    "DK": ("da", 2.5, "København Aarhus Odense Aalborg Esbjerg Randers Kolding Horsens"),
    "CZ": ("cs", 2.5, "Praha Brno Ostrava Plzeň Liberec Olomouc Zlín Pardubice"),
    "PT": ("pt", 2.0, "Lisboa Porto Braga Coimbra Faro Aveiro Évora Setúbal"),
    "NO": ("no", 1.5, "Oslo Bergen Trondheim Stavanger Drammen Tromsø Bodø Sandnes"),
    "FI": ("fi", 1.5, "Helsinki Espoo Tampere Vantaa Oulu Turku Lahti Kuopio"),
    "IE": ("en", 1.0, "Dublin Cork Limerick Galway Waterford Drogheda Dundalk Sligo"),
}
_WEIGHTS = np.array([weight for _, weight, _ in _LAND.values()])

COUNTRIES = tuple(_LAND)
COUNTRY_SHARES = _WEIGHTS / _WEIGHTS.sum()
LANGUAGES = tuple(dict.fromkeys(language for language, _, _ in _LAND.values()))
LANGUAGE_OF_COUNTRY = np.array([LANGUAGES.index(language) for language, _, _ in _LAND.values()])
CITIES = tuple(city for _, _, cities in _LAND.values() for city in cities.split())
CITIES_EACH = 8
CITY_SHARES = np.array([0.34, 0.2, 0.14, 0.1, 0.08, 0.06, 0.05, 0.03])
