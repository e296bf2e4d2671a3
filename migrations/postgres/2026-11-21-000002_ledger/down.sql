DROP TABLE ledger_head;
DROP TABLE ledger_node;
DROP TABLE ledger_event;
