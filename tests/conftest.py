"""What holds for every test."""

import signal

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # A suite that was started in the background hands on that Ctrl-C is ignored: a program that a
    # test interrupts would never hear of it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
