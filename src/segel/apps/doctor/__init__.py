"""`segel doctor`: probes gather facts, judgements say what they mean and what to do."""
