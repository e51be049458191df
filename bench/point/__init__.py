"""One customer against many rules: what the kernels take, what a call from Python takes, what others take."""
