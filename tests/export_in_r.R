# Reads the Stata files and ACLED's CSV of a small dataset, and prints what a test expects of them, a line each.
arguments <- commandArgs(trailingOnly = TRUE)
say <- function(name, value) cat(name, "=", enc2utf8(paste(value, collapse = "|")), "\n", sep = "")
options(encoding = "UTF-8")

claims <- haven::read_dta(file.path(arguments[1], "claims.dta"))
say("claims", nrow(claims))
say("claims.label", attr(claims$actor1, "label"))
say("claims.inter1", haven::as_factor(claims$inter1[1:2]))
say("claims.event_type", haven::as_factor(claims$event_type[1]))
say("claims.text", claims$text[1])
say("claims.event_date", format(claims$event_date[1]))
say("claims.missing", sum(is.na(claims$fatalities_best)))

events <- haven::read_dta(file.path(arguments[1], "events.dta"))
say("events", nrow(events))

acled <- read.csv(arguments[2], colClasses = c(tags = "character"), na.strings = NULL, encoding = "UTF-8")
say("acled", dim(acled))
say("acled.names", names(acled)[c(1, 31)])
say("acled.notes", acled$notes[1])
say("acled.date", format(as.Date(acled$event_date[1])))
say("acled.fatalities", sum(acled$fatalities))
