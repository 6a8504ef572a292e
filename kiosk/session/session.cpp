// placeholder until the state machine lands in the next step
