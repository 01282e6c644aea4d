"""Cases: a volunteer for a client, without giving the client away. No row here says who a client is."""
