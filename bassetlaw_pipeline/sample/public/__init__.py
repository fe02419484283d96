"""National publications."""

from bassetlaw_pipeline.sample.public import ae, ae_defects, dtoc, population
from bassetlaw_pipeline.sample.source import Source, monthly

SOURCES = {
    ae.EXTRACT: Source(ae.deliveries, 1, monthly, spoilt=ae_defects.spoilt),
    dtoc.EXTRACT: Source(dtoc.deliveries, 1, monthly),
    population.EXTRACT: Source(population.deliveries, 0.1, lambda world: 3),
}
