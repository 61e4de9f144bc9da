"""`segel chat`: a meeting on a whole terminal."""
