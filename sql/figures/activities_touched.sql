-- The days of activities that turned out to be those of another customer: of these identifiers, and of the devices that they or these were seen on.
WITH
    arrayMap(identifier -> cityHash64(identifier), {identifiers:Array(String)}) AS hashes,
    -- as a constant: where it is empty no activity is read
    (
        SELECT groupUniqArray(guid)
        FROM landing.netcore_identities
        WHERE business = {business:String} AND email_hash != '' AND hasAny([cityHash64(concat('email:', email_hash)), cityHash64(concat('mobile:', mobile_hash)), cityHash64(concat('customer:', customer_id))], hashes)
    ) AS devices_of_these,
    arrayMap(guid -> cityHash64(guid), arrayFilter(guid -> guid != '', arrayConcat(devices_of_these, {devices:Array(String)}))) AS devices
SELECT DISTINCT toString(stored_day) AS day
FROM landing.activity_facts
WHERE business = {business:String} AND stored_day != toDate(0) AND
(
    (notEmpty(devices_of_these) AND hasAny(identifier_hashes, hashes))
    OR (notEmpty(devices) AND email_hash = '' AND has(devices, guid_hash))
)
