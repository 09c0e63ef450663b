-- Invoices of the last months, paid or not.
-- grain: one row an invoice
create table staging.billing (
  invoice_id bigint not null,
  customer_id bigint not null,
  billed_month date not null,
  due_on date not null,
  paid_on date,
  amount decimal(12,2) not null,
  overage decimal(12,2),
  note varchar(400)
);
