"""The three methods as one would first write them in pandas: a function of one group, a loop over the groups.

Written from the same formulae as the macros and held to the same results by statistical_methods.py; nothing
is made slow on purpose, nothing is vectorised over groups.
"""

import numpy as np
import pandas as pd

Z = 1.959963984540054


def byar_limit(count: float, sign: int) -> float:
    """Byar's limit of a Poisson count, sign -1 lower, +1 upper."""
    x = count + (sign > 0)
    return x * (1 - 1 / (9 * x) + sign * Z / (3 * np.sqrt(x))) ** 3


def directly_standardised_rate(group: pd.DataFrame) -> pd.Series:
    """Rate per 100,000 with Dobson's limits, from one row per age band."""
    share = group["weight"] / group["weight"].sum()
    total = group["deaths"].sum()
    if total < 10:
        return pd.Series({"value": np.nan, "lower": np.nan, "upper": np.nan})
    value = (share * group["deaths"] / group["population"]).sum()
    variance = (share**2 * group["deaths"] / group["population"] ** 2).sum()
    lower, upper = (value + np.sqrt(variance / total) * (byar_limit(total, sign) - total) for sign in (-1, 1))
    return pd.Series({"value": value, "lower": lower, "upper": upper}) * 1e5


def life_expectancy(group: pd.DataFrame) -> pd.DataFrame:
    """Life expectancy with limits at every age band of one group (Chiang II, Silcocks' variance)."""
    table = group.sort_values("age_start").reset_index(drop=True)
    width = table["age_start"].diff().shift(-1)
    lived = pd.Series(0.5, index=table.index).where(table["age_start"] > 0, 0.1)
    rate = table["deaths"] / table["population"]
    dying = (rate * width / (1 + rate * width * (1 - lived))).where(
        table["deaths"] <= table["population"] / (width * lived), 1.0
    )
    dying.iloc[-1] = 1.0
    alive = 100000 * (1 - dying).shift(fill_value=1).cumprod()
    years = width * (alive * (1 - dying) + lived * alive * dying)
    years.iloc[-1] = alive.iloc[-1] / rate.iloc[-1]
    value = years[::-1].cumsum()[::-1] / alive
    spread = (dying**2 * (1 - dying) / table["deaths"]).where(table["deaths"] > 0, 0.0)
    weighted = spread * alive**2 * ((1 - lived) * width + value.shift(-1)) ** 2
    weighted.iloc[-1] = alive.iloc[-1] ** 2 / (table["deaths"].iloc[-1] * rate.iloc[-1] ** 2)
    error = np.sqrt(weighted[::-1].cumsum()[::-1]) / alive
    return table.assign(value=value, lower=value - Z * error, upper=value + Z * error)


def control_chart(series: pd.DataFrame) -> pd.DataFrame:
    """XmR limits with screened moving ranges and the four rules for one series."""
    table = series.sort_values("month").reset_index(drop=True)
    y = table["value"]
    steps = y.diff()
    ranges = steps.abs()
    ranges = ranges[ranges < 3.267 * ranges.mean()]
    mean, spread = y.mean(), ranges.mean()
    lower, upper = mean - 2.66 * spread, mean + 2.66 * spread
    side = np.sign(y - mean)
    outside = (y < lower) | (y > upper)
    near = ~outside & ((y - mean).abs() > 2 * 2.66 / 3 * spread)
    rising, falling = np.zeros(len(y), bool), np.zeros(len(y), bool)
    two, seven = np.zeros(len(y), bool), np.zeros(len(y), bool)
    for i in range(6, len(y)):
        window = slice(i - 6, i + 1)
        later = steps.iloc[i - 5 : i + 1]
        rising[window] |= (later > 0).all()
        falling[window] |= (later < 0).all()
        seven[window] |= abs(side.iloc[window].sum()) == 7
    for i in range(2, len(y)):
        window = slice(i - 2, i + 1)
        two[window] |= abs(side.iloc[window].sum()) == 3 and near.iloc[window].sum() >= 2
    cause = np.where(
        outside, "limits",
        np.where(rising | falling, "trend", np.where(near & two, "two", np.where(seven, "seven", "common"))),
    )  # fmt: skip
    return table.assign(mean=mean, lower_limit=lower, upper_limit=upper, cause=cause)
