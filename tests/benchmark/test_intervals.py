"""How far a figure may be from the truth, against values from tables and exact arithmetic."""

import math

import pytest
from benchmark.figures import proportion, rate
from benchmark.intervals import poisson, quantile, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 300, 0.0, 0.0126), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1)],
)
def test_wilsons_interval_is_that_of_the_tables(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (100, 81.36, 121.63)],
)
def test_a_rates_interval_is_garwoods(count, low, high):
    assert poisson(count, 1.0) == pytest.approx((low, high), rel=1e-3)


def test_nothing_in_ten_hours_leaves_at_most_a_third_an_hour():
    assert poisson(0, 10.0)[1] == pytest.approx(0.369, abs=1e-3)


def test_without_trials_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)
    assert poisson(0, 0.0) == (0.0, math.inf)
    assert not proportion(0, 0).known
    assert not rate(0, 0.0).known


def test_a_quantile_lies_within_its_bounds():
    values = [k / 100 for k in range(101)]
    middle, low, high = quantile(values, 0.9)
    assert middle == 0.9
    assert 0.8 < low < middle < high < 1.0


def test_a_figure_tells_on_how_much_it_stands():
    assert proportion(3, 300).text == "1.0 % (0.3–2.9; 3 of 300)"
    assert rate(2, 1800.0).text == "4.0/h (0.5–14.4; 2 in 0.50 h)"
