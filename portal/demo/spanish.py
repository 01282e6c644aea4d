"""The demo agency's own texts in Spanish, by their English."""

SPANISH = {
    "Patience and good humor. No experience needed: we train you.": (
        "Paciencia y buen humor. No hace falta experiencia: nosotros le capacitamos."
    ),
    "Training, free parking, and a thank-you dinner in spring.": (
        "Capacitación, estacionamiento gratis y una cena de agradecimiento en primavera."
    ),
    "A shift a week, for at least 3 months": "Un turno por semana, al menos 3 meses",
    "A person beside people who have to be in court.": (
        "Alguien al lado de quienes tienen que ir a la corte."
    ),
    "Sit with a person before and during a hearing. You don't discuss the case.": (
        "Acompañe a una persona antes y durante una audiencia. No se habla del caso."
    ),
    "Greet families, offer water and toys, and tell the office when someone needs help.": (
        "Reciba a las familias, ofrezca agua y juguetes, y avise a la oficina si alguien necesita ayuda."
    ),
    "Call people back and tell them the date and room of their hearing.": (
        "Devuelva llamadas y diga la fecha y la sala de la audiencia."
    ),
    "Help with forms, moving, and the first days in a new home.": (
        "Ayuda con formularios, la mudanza y los primeros días en una casa nueva."
    ),
    "Carry boxes and set up the kitchen on moving day.": (
        "Cargue cajas y arme la cocina el día de la mudanza."
    ),
    "Sit with a tenant and fill in the forms together.": (
        "Siéntese con un inquilino y llenen juntos los formularios."
    ),
    "Pack towels, soap, and food for people who start from nothing.": (
        "Empaque toallas, jabón y comida para quienes empiezan de cero."
    ),
    "Rides, visits, and company for older neighbors.": (
        "Viajes, visitas y compañía para vecinos mayores."
    ),
    "Drive two people from home to the day center and back. You get the addresses from the office.": (
        "Lleve a dos personas de su casa al centro de día y de regreso. La oficina le da las direcciones."
    ),
    "Serve lunch, and sit down for a chat.": "Sirva el almuerzo y siéntese a conversar.",
    "Show how to call the grandchildren by video.": "Enseñe a llamar a los nietos por video.",
    "Call the same three people every week, just to talk.": (
        "Llame cada semana a las mismas tres personas, solo para conversar."
    ),
    "A safe place, and someone who listens.": "Un lugar seguro y alguien que escucha.",
    "Be there in the evening, answer the door, and call staff when needed.": (
        "Esté presente por la noche, abra la puerta y llame al personal si hace falta."
    ),
    "Play and read with children while parents have time for themselves.": (
        "Juegue y lea con los niños mientras los padres tienen un rato para sí."
    ),
    "Company, rides, and plain words about testing.": (
        "Compañía, viajes y palabras claras sobre las pruebas."
    ),
    "Go along to an appointment, and listen.": "Acompañe a una cita y escuche.",
    "Make people feel welcome on testing days.": "Dé la bienvenida en los días de pruebas.",
    "Practice for interviews, and help with applications.": (
        "Práctica de entrevistas y ayuda con las solicitudes de empleo."
    ),
    "Practice a job interview and say what went well.": (
        "Practique una entrevista de trabajo y diga qué salió bien."
    ),
    "Help people submit a job application.": "Ayude a enviar una solicitud de empleo.",
    "Find a suit that fits.": "Ayude a encontrar ropa de su talla.",
    "Homework, play, and a break for parents.": "Tareas, juego y un descanso para los padres.",
    "Sit with a child for an hour of homework.": "Siéntese una hora con un niño a hacer la tarea.",
    "Play with small children while their parents are in class. Always two adults.": (
        "Juegue con niños pequeños mientras sus padres están en clase. Siempre dos adultos."
    ),
    "Interpret when a family meets with a caseworker.": (
        "Interprete cuando una familia se reúne con el personal."
    ),
    "Read aloud, and be read to.": "Lea en voz alta y escuche leer.",
    "Presentations, tables, and tours all over the county.": (
        "Presentaciones, mesas y visitas guiadas en todo el condado."
    ),
    "Give a presentation that we prepared with you.": (
        "Dé una presentación que preparamos con usted."
    ),
    "Stand at our table at a fair and give out brochures.": (
        "Atienda nuestra mesa en una feria y reparta folletos."
    ),
    "Answer the door and the phone at the main office.": (
        "Abra la puerta y conteste el teléfono de la oficina principal."
    ),
    "Plant, water, and weed behind the office.": (
        "Siembre, riegue y quite la maleza detrás de la oficina."
    ),
    "Bus 4 stops at the door.": "El autobús 4 para en la puerta.",
    "No steps. Ring at desk 1.": "Sin escalones. Toque el timbre en el mostrador 1.",
    "Two blocks from the bus station.": "A dos cuadras de la estación de autobuses.",
    "Bring a photo ID for the security check.": (
        "Traiga una identificación con foto para el control de seguridad."
    ),
    "Park behind the building.": "Estacione detrás del edificio.",
    "No steps from the parking lot.": "Sin escalones desde el estacionamiento.",
    "Bus 7 to River Walk.": "Autobús 7 hasta River Walk.",
    "Ramp at the side door.": "Rampa en la puerta lateral.",
    "Elevator to floor 2.": "Ascensor al piso 2.",
    "Ask at the front desk.": "Pregunte en la recepción.",
    "Press the bell twice.": "Toque el timbre dos veces.",
    "No steps.": "Sin escalones.",
    "Look for the green tent.": "Busque la carpa verde.",
    "Key at the bakery next door.": "La llave está en la panadería de al lado.",
    "Second floor, elevator.": "Segundo piso, con ascensor.",
    "Use the green gate. Don't give this address to anyone.": (
        "Use el portón verde. No dé esta dirección a nadie."
    ),
    "Ring once and say your first name.": "Toque una vez y diga su nombre.",
    "What you hear here stays here. You read and sign it in the portal.": (
        "Lo que oye aquí se queda aquí. Se lee y se firma en el portal."
    ),
    "Two hours about who we are and how we work.": (
        "Dos horas sobre quiénes somos y cómo trabajamos."
    ),
    "New York's register of child abuse and maltreatment. Form LDSS-3370.": (
        "El registro de abuso y maltrato infantil de Nueva York. Formulario LDSS-3370."
    ),
    "The Justice Center's list of people who can't work with people in care.": (
        "La lista del Justice Center de personas que no pueden trabajar con quienes reciben cuidados."
    ),
    "Valid on every day you drive. A photo of both sides is fine.": (
        "Válida todos los días que conduzca. Una foto de los dos lados está bien."
    ),
    "The card your insurance company sent you.": "La tarjeta que le envió su aseguradora.",
    "We order it once a year, after you sign.": (
        "Lo encargamos una vez al año, después de que usted firme."
    ),
    "A test from the last twelve months. The county clinic does it free of charge.": (
        "Una prueba de los últimos doce meses. La clínica del condado la hace sin costo."
    ),
    "Two hours online. You learn when and how to report that a child may be in danger.": (
        "Dos horas en línea. Aprenderá cuándo y cómo reportar que un niño puede estar en peligro."
    ),
    "Who we are, who we help, and how a shift goes.": (
        "Quiénes somos, a quién ayudamos y cómo es un turno."
    ),
    "When and how to report that a child may be in danger.": (
        "Cuándo y cómo reportar que un niño puede estar en peligro."
    ),
    "For everyone who sits with people in distress.": (
        "Para quienes acompañan a personas que la pasan mal."
    ),
    "Read the page, then answer four questions.": "Lea la página y responda cuatro preguntas.",
    "Welcome": "Bienvenida",
    "Safety": "Seguridad",
    "Care": "Cuidado",
    "A neighbor asks who you drove. What do you say?": (
        "Un vecino pregunta a quién llevó. ¿Qué le dice?"
    ),
    "The name\nThat I can't say": "El nombre\nQue no puedo decirlo",
    "Can you take a picture of a client?": "¿Puede tomarle una foto a un cliente?",
    "No\nYes, if they smile": "No\nSí, si sonríe",
    "You aren't sure. Who do you ask?": "No está seguro de algo. ¿A quién pregunta?",
    "Your coordinator\nYour family": "A su coordinación\nA su familia",
    "You no longer volunteer. Can you tell people now?": (
        "Ya no hace voluntariado. ¿Ahora puede contarlo?"
    ),
    "Yes\nNo": "Sí\nNo",
    "How to tell a fake call from a real one, and how not to fall.": (
        "Cómo distinguir una llamada falsa de una verdadera y cómo no caerse."
    ),
    "Who can get help, and how to ask for it.": "Quién puede recibir ayuda y cómo pedirla.",
    "Where to look, and what to say about time without work.": (
        "Dónde buscar y qué decir de un tiempo sin trabajo."
    ),
    "What helps people who care for a parent or a partner.": (
        "Qué ayuda a quienes cuidan a su madre, su padre o su pareja."
    ),
    "What our volunteers do, and how to start.": "Qué hacen nuestros voluntarios y cómo empezar.",
}


def in_spanish(**texts: str) -> dict[str, str]:
    """Fields of a row in Spanish; a text of the demo that has none raises KeyError."""
    return {name: SPANISH[words] for name, words in texts.items() if words}
