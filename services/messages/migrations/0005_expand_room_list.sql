-- When the newest message of a room was written, for lists sorted by activity. Null: nothing was
-- written since this column is there, and `written_at` stands for it.
ALTER TABLE room_head ADD COLUMN message_at timestamptz;
ALTER TABLE room_head ALTER COLUMN message_at SET DEFAULT '-infinity';

-- Since when somebody is a member; of those who were before this column is there it is not known.
ALTER TABLE member ADD COLUMN since timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE member ALTER COLUMN since SET DEFAULT now();
