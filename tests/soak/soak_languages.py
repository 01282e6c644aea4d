"""What refused forms say is translated as what pages say."""

from tests.test_languages import pseudo, strange_words

__all__ = ["pseudo"]


def soak_no_word_of_a_page_stands_outside_the_catalogue(pseudo, database, time):
    assert strange_words(pseudo, database, time, ("GET",)) == {}


def soak_no_word_of_a_refusal_stands_outside_the_catalogue(pseudo, database, time):
    assert strange_words(pseudo, database, time, ("POST",)) == {}
