"""The command line: arguments in, jobs run, screens out."""
