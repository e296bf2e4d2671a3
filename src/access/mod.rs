//! Who may do what: the actor, the roles, the actions and the permit that proves an action was allowed.
