# Times PHEindicatormethods and NHSRplotthedots on the tables that statistical_methods.py wrote.
# Usage: Rscript r_packages.R FOLDER   (areas.csv, months.csv)
# Prints one line per method that could be run: name, tab, seconds.
folder <- commandArgs(trailingOnly = TRUE)[1]
has <- function(package) requireNamespace(package, quietly = TRUE)
timed <- function(name, work) cat(name, "\t", system.time(work())[["elapsed"]], "\n", sep = "")

if (has("PHEindicatormethods") && has("dplyr")) {
  suppressPackageStartupMessages({library(PHEindicatormethods); library(dplyr)})
  areas <- read.csv(file.path(folder, "areas.csv")) |> group_by(area)
  timed("dsr", function() calculate_dsr(areas, deaths, population, stdpop = weight))
  timed("life", function() suppressWarnings(phe_life_expectancy(areas, deaths, population, age_start)))
}
if (has("NHSRplotthedots")) {
  months <- read.csv(file.path(folder, "months.csv"))
  months$day <- seq(as.Date("2018-01-01"), by = "month", length.out = 36)[months$month + 1]
  timed("spc", function() NHSRplotthedots::ptd_spc(months, value, day, facet_field = series))
}
