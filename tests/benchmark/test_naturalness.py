"""How natural the coach sounds is marked on its own sentences, or said to be left out."""

from benchmark import naturalness
from benchmark.coach import sentences


def test_longer_sentences_from_all_over_the_routines_are_marked(language):
    texts = naturalness.chosen(language, 24)
    assert len(set(texts)) == 24
    assert set(texts) <= set(sentences(language))
    assert all(len(text.split()) >= 7 for text in texts)
    assert {text[0] for text in texts} > set("ABL")


def test_without_the_network_that_marks_the_report_says_so(monkeypatch):
    monkeypatch.setattr(naturalness, "find_spec", lambda _name: None)
    section = naturalness.measure(quick=True)
    assert section.rows == []
    assert section.left_out == [naturalness.MISSING]
