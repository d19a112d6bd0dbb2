-- A guest who comes again is known by the device, also from among the many of a room who are gone.
CREATE INDEX guest_of_device ON guest (
    room_id, device_hash, ended_at DESC NULLS FIRST, person_id DESC
) WHERE device_hash IS NOT NULL;
