"""What the demo agency is made of. People and addresses are made up; phones are 555 numbers."""

from dataclasses import dataclass, field

from portal.programs.models import Visibility


@dataclass(frozen=True)
class DemoPosition:
    """A role, and when it is needed: (weekday from Monday 0, start hour, hours, needed, spots)."""

    name: str
    name_es: str
    description: str
    color: str
    icon: str
    site: str
    times: tuple[tuple[int, float, float, int, int], ...]


@dataclass(frozen=True)
class DemoProgram:
    name: str
    name_es: str
    description: str
    contact: str
    phone: str
    positions: tuple[DemoPosition, ...]
    visibility: Visibility = Visibility.PUBLIC
    label: str = ""
    label_es: str = ""
    sites: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class DemoSite:
    address: str
    directions: str = ""
    access: str = ""
    confidential: bool = False


SITES = {
    "Main office": DemoSite(
        "200 Cedar Street, Cedar Falls, NY 12205",
        "Bus 4 stops at the door.",
        "No steps. Ring at desk 1.",
    ),
    "County Courthouse": DemoSite(
        "1 Court Square, Cedar Falls, NY 12205",
        "Two blocks from the bus station.",
        "Bring a photo ID for the security check.",
    ),
    "Library East": DemoSite(
        "88 Hill Road, Cedar Falls, NY 12205",
        "Park behind the building.",
        "No steps from the parking lot.",
    ),
    "Riverside Pantry": DemoSite(
        "15 River Walk, Millbrook, NY 12303", "Bus 7 to River Walk.", "Ramp at the side door."
    ),
    "Senior Center North": DemoSite(
        "118 Elm Street, Northfield, NY 12309", "", "Elevator to floor 2."
    ),
    "Health Clinic": DemoSite(
        "40 Spring Avenue, Cedar Falls, NY 12205", "", "Ask at the front desk."
    ),
    "Family Center": DemoSite("9 School Lane, Millbrook, NY 12303", "", "Press the bell twice."),
    "Job Center": DemoSite("310 Main Street, Cedar Falls, NY 12205", "", "No steps."),
    "Winter Market": DemoSite(
        "Market Square, Cedar Falls, NY 12205", "Look for the green tent.", ""
    ),
    "Community Hall South": DemoSite(
        "5 Mill Road, Southport, NY 12077", "", "Key at the bakery next door."
    ),
    "Housing Office": DemoSite(
        "72 Oak Street, Cedar Falls, NY 12205", "", "Second floor, elevator."
    ),
    "Willow House": DemoSite(
        "27 Larkspur Lane, Northfield, NY 12309",
        "Use the green gate. Don't give this address to anyone.",
        "Ring once and say your first name.",
        confidential=True,
    ),
}

PROGRAMS = (
    DemoProgram(
        "Victim-Witness Services",
        "Servicios para Víctimas y Testigos",
        "A person beside people who have to be in court.",
        "Cy Ortega",
        "(555) 555-0101",
        (
            DemoPosition(
                "Court accompaniment",
                "Acompañamiento en la corte",
                "Sit with a person before and during a hearing. You don't discuss the case.",
                "plum",
                "bank",
                "County Courthouse",
                ((0, 8.5, 3.5, 2, 3), (1, 8.5, 3.5, 2, 3), (2, 8.5, 3.5, 2, 3), (3, 13, 3, 1, 2)),
            ),
            DemoPosition(
                "Waiting room host",
                "Recepción de la sala de espera",
                "Greet families, offer water and toys, and tell the office when someone needs help.",
                "rose",
                "door-open",
                "County Courthouse",
                ((0, 9, 3, 1, 1), (3, 9, 3, 1, 1)),
            ),
            DemoPosition(
                "Phone line helper",
                "Ayuda en la línea telefónica",
                "Call people back and tell them the date and room of their hearing.",
                "blue",
                "telephone",
                "Main office",
                ((1, 13, 3, 1, 2), (4, 10, 3, 1, 2)),
            ),
        ),
    ),
    DemoProgram(
        "Housing Support",
        "Apoyo de Vivienda",
        "Help with forms, moving, and the first days in a new home.",
        "Rosa Lind",
        "(555) 555-0102",
        (
            DemoPosition(
                "Move-in helper",
                "Ayuda con mudanzas",
                "Carry boxes and set up the kitchen on moving day.",
                "ochre",
                "tools",
                "Housing Office",
                ((5, 9, 4, 3, 6),),
            ),
            DemoPosition(
                "Help with forms",
                "Ayuda con formularios",
                "Sit with a tenant and fill in the forms together.",
                "teal",
                "book",
                "Housing Office",
                ((1, 10, 3, 1, 2), (3, 14, 3, 1, 2)),
            ),
            DemoPosition(
                "Welcome-basket packer",
                "Preparación de canastas",
                "Pack towels, soap, and food for people who start from nothing.",
                "moss",
                "basket",
                "Riverside Pantry",
                ((4, 13, 3, 2, 5),),
            ),
        ),
    ),
    DemoProgram(
        "Aging and Disability Services",
        "Servicios para Personas Mayores y con Discapacidad",
        "Rides, visits, and company for older neighbors.",
        "Cy Ortega",
        "(555) 555-0103",
        (
            DemoPosition(
                "Driver",
                "Transporte",
                "Drive two people from home to the day center and back. You get the addresses from the office.",
                "blue",
                "car-front",
                "Senior Center North",
                ((0, 9, 4, 2, 3), (2, 10, 4, 2, 3), (4, 10, 4, 2, 3)),
            ),
            DemoPosition(
                "Lunch server",
                "Servicio de almuerzo",
                "Serve lunch, and sit down for a chat.",
                "brick",
                "basket",
                "Senior Center North",
                ((1, 11, 2.5, 2, 4), (3, 11, 2.5, 2, 4)),
            ),
            DemoPosition(
                "Tablet tutor",
                "Ayuda con tabletas",
                "Show how to call the grandchildren by video.",
                "teal",
                "people",
                "Library East",
                ((2, 15, 2, 1, 2),),
            ),
            DemoPosition(
                "Reassurance caller",
                "Llamadas de compañía",
                "Call the same three people every week, just to talk.",
                "rose",
                "telephone",
                "",
                ((0, 15, 1.5, 1, 3), (3, 15, 1.5, 1, 3)),
            ),
        ),
    ),
    DemoProgram(
        "Domestic Violence Services",
        "Servicios de Violencia Doméstica",
        "A safe place, and someone who listens.",
        "Mara Quill",
        "(555) 555-0104",
        (
            DemoPosition(
                "Shelter evening host",
                "Recepción nocturna",
                "Be there in the evening, answer the door, and call staff when needed.",
                "plum",
                "house-heart",
                "Willow House",
                ((0, 18, 4, 1, 2), (2, 18, 4, 1, 2), (5, 22, 8, 1, 1)),
            ),
            DemoPosition(
                "Children's hour helper",
                "Ayuda en la hora infantil",
                "Play and read with children while parents have time for themselves.",
                "rose",
                "balloon",
                "Willow House",
                ((5, 10, 2, 2, 3),),
            ),
        ),
        Visibility.HIDDEN,
        "Family Support",
        "Apoyo Familiar",
        ("Willow House",),
    ),
    DemoProgram(
        "STD/HIV Support",
        "Apoyo de ETS/VIH",
        "Company, rides, and plain words about testing.",
        "Noel Abara",
        "(555) 555-0105",
        (
            DemoPosition(
                "Peer support",
                "Apoyo entre pares",
                "Go along to an appointment, and listen.",
                "moss",
                "people",
                "Health Clinic",
                ((1, 9, 3, 1, 2), (4, 9, 3, 1, 2)),
            ),
            DemoPosition(
                "Test-day greeter",
                "Recepción del día de pruebas",
                "Make people feel welcome on testing days.",
                "teal",
                "door-open",
                "Health Clinic",
                ((3, 16, 3, 2, 3),),
            ),
        ),
        Visibility.LABEL,
        "Wellness Support",
        "Apoyo al Bienestar",
    ),
    DemoProgram(
        "Employment Services",
        "Servicios de Empleo",
        "Practice for interviews, and help with applications.",
        "Rosa Lind",
        "(555) 555-0106",
        (
            DemoPosition(
                "Interview coach",
                "Práctica de entrevistas",
                "Practice a job interview and say what went well.",
                "slate",
                "briefcase",
                "Job Center",
                ((0, 13, 3, 1, 2), (2, 13, 3, 1, 2)),
            ),
            DemoPosition(
                "Computer-room helper",
                "Ayuda con computadoras",
                "Help people submit a job application.",
                "blue",
                "book",
                "Job Center",
                ((1, 9, 3, 1, 2), (4, 9, 3, 1, 2)),
            ),
            DemoPosition(
                "Clothes-closet helper",
                "Ayuda en el ropero",
                "Find a suit that fits.",
                "rose",
                "basket",
                "Job Center",
                ((3, 10, 3, 1, 3),),
            ),
        ),
    ),
    DemoProgram(
        "Family Services",
        "Servicios para Familias",
        "Homework, play, and a break for parents.",
        "Cy Ortega",
        "(555) 555-0107",
        (
            DemoPosition(
                "Homework helper",
                "Ayuda con tareas",
                "Sit with a child for an hour of homework.",
                "teal",
                "book",
                "Library East",
                ((1, 18, 2, 2, 4), (3, 18, 2, 2, 4)),
            ),
            DemoPosition(
                "Child-care helper",
                "Ayuda con cuidado infantil",
                "Play with small children while their parents are in class. Always two adults.",
                "ochre",
                "balloon",
                "Family Center",
                ((1, 13, 4, 2, 2), (4, 13, 4, 2, 2)),
            ),
            DemoPosition(
                "Interpreter (Spanish)",
                "Intérprete (español)",
                "Interpret when a family meets with a caseworker.",
                "plum",
                "translate",
                "Health Clinic",
                ((3, 9, 2.5, 1, 1),),
            ),
            DemoPosition(
                "Reading buddy",
                "Compañía para leer",
                "Read aloud, and be read to.",
                "moss",
                "book",
                "Library East",
                ((5, 10, 1.5, 1, 3),),
            ),
        ),
    ),
    DemoProgram(
        "Outreach and Education",
        "Difusión y Educación",
        "Presentations, tables, and tours all over the county.",
        "Cy Ortega",
        "(555) 555-0108",
        (
            DemoPosition(
                "Presenter",
                "Presentaciones",
                "Give a presentation that we prepared with you.",
                "brick",
                "megaphone",
                "Community Hall South",
                ((2, 19, 1.5, 1, 2),),
            ),
            DemoPosition(
                "Table host",
                "Atención de la mesa informativa",
                "Stand at our table at a fair and give out brochures.",
                "ochre",
                "megaphone",
                "Winter Market",
                ((5, 9, 3, 2, 4), (6, 12, 3, 1, 2)),
            ),
            DemoPosition(
                "Front desk",
                "Recepción",
                "Answer the door and the phone at the main office.",
                "slate",
                "door-open",
                "Main office",
                ((0, 9, 4, 1, 2), (2, 9, 4, 1, 2), (4, 9, 4, 1, 2)),
            ),
            DemoPosition(
                "Community gardener",
                "Jardinería comunitaria",
                "Plant, water, and weed behind the office.",
                "moss",
                "flower1",
                "Main office",
                ((5, 9, 3, 2, 6),),
            ),
        ),
    ),
)

COORDINATORS = {
    "Cy Ortega": (
        "coordinator@demo.example",
        (
            "Victim-Witness Services",
            "Aging and Disability Services",
            "Family Services",
            "Outreach and Education",
        ),
    ),
    "Rosa Lind": ("rosa.lind@demo.example", ("Housing Support", "Employment Services")),
    "Mara Quill": ("mara.quill@demo.example", ("Domestic Violence Services",)),
    "Noel Abara": ("noel.abara@demo.example", ("STD/HIV Support",)),
}
ADMINISTRATOR = ("Ada Novak", "admin@demo.example")
VOLUNTEER = (
    "Ana Reyes",
    "volunteer@demo.example",
    ("Court accompaniment", "Driver", "Front desk", "Homework helper"),
)

FIRST_NAMES = [
    "Ben",
    "Carla",
    "Dev",
    "Elena",
    "Frank",
    "Grace",
    "Hank",
    "Iris",
    "Jo",
    "Kofi",
    "Lena",
    "Miguel",
    "Nora",
    "Omar",
    "Priya",
    "Quinn",
    "Ruth",
    "Sam",
    "Theo",
    "Uma",
    "Victor",
    "Wanda",
    "Xavier",
    "Yara",
    "Zoe",
    "Alma",
    "Bo",
    "Celia",
    "Dora",
    "Eli",
    "Fatima",
    "Gus",
    "Hana",
    "Ivan",
    "June",
    "Kim",
    "Luis",
    "Marta",
    "Nico",
    "Olga",
    "Paul",
    "Rosa",
    "Stan",
    "Tess",
    "Ursula",
    "Vera",
    "Will",
    "Yusuf",
    "Aida",
    "Bruno",
]
LAST_NAMES = [
    "Adams",
    "Baker",
    "Castillo",
    "Diaz",
    "Evans",
    "Fischer",
    "Garcia",
    "Hughes",
    "Ito",
    "Jensen",
    "Khan",
    "Lopez",
    "Meyer",
    "Nguyen",
    "Okafor",
    "Park",
    "Quiroga",
    "Ramos",
    "Silva",
    "Torres",
    "Underhill",
    "Vega",
    "Walker",
    "Xu",
    "Young",
    "Zimmer",
    "Abbott",
    "Brooks",
    "Chen",
    "Dunn",
    "Ellis",
    "Ford",
    "Greene",
    "Hart",
    "Irwin",
    "James",
    "Keller",
    "Lowe",
    "Moss",
    "Novak",
]
