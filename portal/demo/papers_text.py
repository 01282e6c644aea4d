"""Wordings of the demo agency. Made up for looking at; a real agency has its counsel write its own."""

from collections.abc import Mapping

from portal.requirements.check_models import TextKind

QUIET = (
    "I keep to myself what I hear and see about the people this agency helps, while I volunteer and "
    "afterward. I do not take papers or pictures away. If I am not sure, I ask my coordinator."
)
QUIET_ES = (
    "Guardo para mí lo que oigo y veo sobre las personas que esta agencia ayuda, mientras hago voluntariado "
    "y después. No me llevo papeles ni fotos. Si tengo dudas, pregunto a mi coordinación."
)
LETTERS: Mapping[TextKind, tuple[str, str]] = {
    TextKind.DISCLOSURE: (
        "SAMPLE TEXT\n\nWe may obtain information about you for volunteer purposes: {check}.",
        "TEXTO DE MUESTRA\n\nPodemos obtener información sobre usted para su voluntariado: {check}.",
    ),
    TextKind.AUTHORIZATION: (
        "SAMPLE TEXT\n\nI have read the disclosure. I authorize the agency to obtain this: {check}.",
        "TEXTO DE MUESTRA\n\nLeí el aviso. Autorizo a la agencia a obtener esto: {check}.",
    ),
    TextKind.RIGHTS: (
        "SAMPLE TEXT\n\nA summary of your rights. You may ask what is in your file. You may dispute "
        "what is incomplete or wrong, and the company has to look into it.",
        "TEXTO DE MUESTRA\n\nUn resumen de sus derechos. Puede preguntar qué hay en su expediente. Puede "
        "disputar lo incompleto o equivocado, y la empresa tiene que revisarlo.",
    ),
    TextKind.FIRST_NOTICE: (
        "SAMPLE TEXT\n\nBefore we decide, we want you to know that the result of this check may count "
        "against you: {check}. If something in it is wrong, please tell us and the company that made it.",
        "TEXTO DE MUESTRA\n\nAntes de decidir, queremos que sepa que el resultado puede ser desfavorable "
        "para usted: {check}. Si algo está mal, díganoslo y dígalo a la empresa que lo hizo.",
    ),
    TextKind.SECOND_NOTICE: (
        "SAMPLE TEXT\n\nWe decided that you cannot serve in this role because of this check: {check}. You "
        "may still dispute it.",
        "TEXTO DE MUESTRA\n\nDecidimos que no puede servir en esta función por esta verificación: {check}. "
        "Todavía puede disputarla.",
    ),
}
