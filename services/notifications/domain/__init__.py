"""Rules of notifications: whom an event concerns, what its mail is called, when it is still worth sending."""
