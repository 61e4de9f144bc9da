"""A wiretap on a real server, and the questions that its recording must not answer.

`python -m segel.testing.wiretap record DIR -- serve …` runs the server with taps that the product
knows nothing of: a proxy before its TCP port, and wrappers around SRTP in the media process.
`… check DIR` then looks for planted markers, and for moving pictures and speech, in all that was
received, sent, logged and stored.
"""
