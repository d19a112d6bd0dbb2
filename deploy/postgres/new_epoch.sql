-- After a restore: say that the history of every room may have been rewound. Clients and gateways
-- that know more than the restored log then start over instead of taking a new entry for an old one.
-- As hubbub_owner or the superuser, while no service runs.
UPDATE messages.room_head SET epoch = replace(gen_random_uuid()::text, '-', '');
