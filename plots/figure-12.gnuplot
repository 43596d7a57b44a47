# Figure 12 of Boyd's report: Figure 11 with a logarithmic axis.

is_logarithmic = 1
load ARG0[1:strlen(ARG0) - strlen("figure-12.gnuplot")]."figure-11.gnuplot"
