"""Reading what comes from outside: calendars, mail, tables and pictures, in a child process with limits."""
